/**
 * What Figma is to a plugin: passes messages between the main code in its VM and the page in its sandboxed frame. In the
 * browser a script plays Figma's own page around the frame.
 */

import type { FigmaVm } from '../plugin/hosts/figma/vm.js';
import type { Sandbox } from './sandbox.js';

/** Joins both ends. The panel greets until it is answered, so nothing is lost before this. */
export async function relay(figma: FigmaVm, { page }: Sandbox): Promise<void> {
  const port = figma.port();
  port.listen((message) => {
    const json = JSON.stringify(message, (_key, value: unknown) =>
      value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value,
    );
    // The page may be closed while the plugin still speaks.
    page.evaluate(`toPanel(${JSON.stringify(json)})`).catch(() => {});
  });
  await page.exposeFunction('toPlugin', (json: string) =>
    port.post(
      JSON.parse(json, (_key, value: unknown) =>
        typeof value === 'object' && value !== null && '$bytes' in value
          ? Uint8Array.from(Buffer.from(String(value.$bytes), 'base64'))
          : value,
      ),
    ),
  );
  await page.evaluate(`
    const frame = document.querySelector('iframe').contentWindow;
    const encode = (key, value) => {
      if (!(value instanceof Uint8Array)) return value;
      let text = '';
      for (let at = 0; at < value.length; at += 4096)
        text += String.fromCharCode(...value.subarray(at, at + 4096));
      return { $bytes: btoa(text) };
    };
    const decode = (key, value) =>
      value && typeof value === 'object' && '$bytes' in value
        ? Uint8Array.from(atob(value.$bytes), (letter) => letter.charCodeAt(0))
        : value;
    window.toPanel = (json) => frame.postMessage({ pluginMessage: JSON.parse(json, decode) }, '*');
    addEventListener('message', ({ source, data }) => {
      if (source === frame && data && 'pluginMessage' in data)
        toPlugin(JSON.stringify(data.pluginMessage, encode));
    });
  `);
}
