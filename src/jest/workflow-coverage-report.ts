import type { FileCoverageData } from 'istanbul-lib-coverage';
import { withWorkflowHits } from '../coverage/add-to-report';
import { takeHits } from '../coverage/workflow-hits';

/** The part of istanbul's report context that we use. */
interface ReportContext {
  getTree(name: 'flat'): {
    visit(visitor: { onDetail(node: FileNode): void }, state: ReportContext): void;
  };
}

interface FileNode {
  getFileCoverage(): { data: FileCoverageData };
}

/**
 * An istanbul report that writes nothing. As the first of jest's `coverageReporters` it adds the hits of workflows to the files of
 * the report, for the reports after it and for thresholds.
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
