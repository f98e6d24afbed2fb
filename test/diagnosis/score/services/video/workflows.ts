export { processVideo } from './pipeline';
