/** Unpacks what travels inside the page's file. */

/** The content of a gzip file. */
export async function gunzip(file: Blob): Promise<ArrayBuffer> {
  return new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}
