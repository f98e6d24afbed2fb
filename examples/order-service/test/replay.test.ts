import { describeReplay } from 'temporal-replay/testing';

describeReplay('recorded orders', { histories: '../../histories', workflowsPath: 'src/workflows' });
