import type { FileCoverageData } from 'istanbul-lib-coverage';
import { withWorkflowHits } from '../coverage/add-to-report';
import { takeHits } from '../coverage/workflow-hits';

/** Of istanbul's report context what we use. */
interface ReportContext {
  getTree(name: 'flat'): {
    visit(visitor: { onDetail(node: FileNode): void }, state: ReportContext): void;
  };
}

interface FileNode {
  getFileCoverage(): { data: FileCoverageData };
}

/**
 * A report of istanbul's that writes nothing: as the first of jest's `coverageReporters` it adds what workflows ran to the
 * files that jest reports, for the reports after it and for thresholds.
 */
class WorkflowCoverageReport {
  constructor(private readonly options: { directory: string }) {}

  execute(context: ReportContext): void {
    const hits = new Map(takeHits(this.options.directory).map((file) => [file.path, file]));
    const onDetail = (node: FileNode): void => {
      const { data } = node.getFileCoverage();
      const added = hits.get(data.path);
      if (added) Object.assign(data, withWorkflowHits(structuredClone(data), added));
    };
    context.getTree('flat').visit({ onDetail }, context);
  }
}

export = WorkflowCoverageReport;
