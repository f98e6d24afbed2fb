import type { SourceLocation } from '../model/source';
import { codeFrame } from './frame-text';
import type { BundledSources } from './bundled-sources';

/** The lines round a place, numbered, with the place marked; null where the source is not at hand. */
export function codeFrameOf(location: SourceLocation | null, sources: BundledSources): string | null {
  const text = location && sources.textOf(location.file);
  return text == null ? null : codeFrame(text, location!);
}
