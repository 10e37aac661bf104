/** See serve.mjs. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}
export function serve(root: string, port: number, dist?: string): Promise<Served>;
