/**
 * Finds out which input and output of a component means what. Exports of the same network name them in a few
 * usual ways; a pack can say it itself where they do not.
 */

import { EnlargerError } from '../errors.js';
import { type ModelPort, readModelPorts } from '../graph/index.js';
import type { PackComponent } from '../pack/schema.js';

/** The names by which a role is known; an optional one may be missing. */
export interface PortRole {
  readonly names: readonly string[];
  readonly optional?: true;
}

export interface PortRoles {
  readonly inputs: Readonly<Record<string, PortRole>>;
  readonly outputs: Readonly<Record<string, PortRole>>;
}

/** The first input is the one whose first dimension counts the batch. */
export const TEXT_ENCODER: PortRoles = {
  inputs: {
    tokens: { names: ['tokens', 'ids', 'input_ids'] },
    mask: { names: ['mask', 'attention_mask'], optional: true },
  },
  outputs: {
    context: { names: ['context', 'last_hidden_state', 'hidden_states'] },
    pooled: { names: ['pooled', 'pooler_output', 'pooled_output', 'text_embeds'], optional: true },
  },
};

export const DENOISER: PortRoles = {
  inputs: {
    sample: { names: ['sample', 'x', 'xt', 'hidden_states'] },
    time: { names: ['time', 't', 'timestep'] },
    context: { names: ['context', 'encoder_hidden_states'] },
    mask: { names: ['mask', 'encoder_attention_mask', 'attention_mask'], optional: true },
    pooled: { names: ['pooled', 'pooled_projections'], optional: true },
    guidance: { names: ['guidance', 'timestep_cond'], optional: true },
  },
  outputs: { prediction: { names: ['prediction', 'v', 'out_sample', 'noise_pred', 'sample'] } },
};

/** Transparency comes as an output of its own or as the fourth channel of the picture. */
export const LATENT_DECODER: PortRoles = {
  inputs: { latent: { names: ['latent', 'z', 'latent_sample'] } },
  outputs: {
    picture: { names: ['picture', 'rgba', 'sample', 'image'] },
    alpha: { names: ['alpha'], optional: true },
  },
};

/** The ports of a component by role. */
export interface BoundPorts {
  readonly inputs: Readonly<Record<string, ModelPort>>;
  readonly outputs: Readonly<Record<string, ModelPort>>;
}

/**
 * Binds the ports of a component's file to roles, and checks them against what pack.json says of it.
 * @throws EnlargerError `pack-invalid`, naming the file and what is wrong with it.
 */
export function bindPorts(entry: PackComponent, bytes: Uint8Array, roles: PortRoles): BoundPorts {
  const fail = (what: string): never => {
    throw new EnlargerError(
      'pack-invalid',
      `The component ${entry.file} ${what}.`,
      'Correct its pack.json, or get the pack again.',
    );
  };
  let ports: ReturnType<typeof readModelPorts>;
  try {
    ports = readModelPorts(bytes);
  } catch (cause) {
    throw new EnlargerError('pack-invalid', `The component ${entry.file} is not an ONNX model.`, '', {
      cause,
    });
  }
  for (const kind of ['inputs', 'outputs'] as const) {
    for (const { name, shape } of entry[kind]) {
      const port = ports[kind].find((each) => each.name === name);
      if (!port) return fail(`has no ${kind.slice(0, -1)} "${name}", though pack.json describes one`);
      const fits = shape.every((dim, i) => {
        const real = port.shape[i];
        return typeof dim !== 'number' || typeof real !== 'number' || dim === real;
      });
      if (port.shape.length > 0 && (!fits || port.shape.length !== shape.length))
        return fail(`does not have the shape of "${name}" that pack.json describes`);
    }
  }
  const bound = { inputs: bind(ports.inputs, roles.inputs), outputs: bind(ports.outputs, roles.outputs) };
  const [only] = Object.keys(roles.outputs);
  if (!bound.outputs[only] && ports.outputs.length === 1) bound.outputs[only] = ports.outputs[0];
  for (const kind of ['inputs', 'outputs'] as const)
    for (const [role, { names, optional }] of Object.entries(roles[kind]))
      if (!bound[kind][role] && !optional)
        return fail(`has no ${kind.slice(0, -1)} for the ${role}, such as "${names.join('" or "')}"`);
  const known = new Set(Object.values(bound.inputs));
  const stranger = ports.inputs.find((port) => !known.has(port));
  if (stranger) return fail(`takes an input "${stranger.name}" that this program does not know`);
  return bound;

  function bind(given: readonly ModelPort[], wanted: PortRoles['inputs']): Record<string, ModelPort> {
    return Object.fromEntries(
      Object.entries(wanted).flatMap(([role, { names }]) => {
        const own = entry.ports?.[role];
        const port = (own === undefined ? names : [own])
          .map((name) => given.find((each) => each.name === name))
          .find((each) => each !== undefined);
        return port ? [[role, port]] : [];
      }),
    );
  }
}
