export interface OverlayOptions {
  text: string;
}

interface LoaderContext {
  getOptions(): OverlayOptions;
}

/** A webpack loader that returns another text than that of the file; see `source-overlay.ts`. */
export default function overlayLoader(this: LoaderContext): string {
  return this.getOptions().text;
}
