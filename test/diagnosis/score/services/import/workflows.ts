export { importCatalog } from './catalog';
export { default as importChunk } from './chunk';
