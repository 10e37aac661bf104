/** Networks of the true shape, small enough for tests. */

export const TINY_AUTOENCODER = {
  latentChannels: 4,
  encoder: { stem: 8, channels: 8, blocks: 1 },
  decoder: { channels: 8, blocks: 1, fine: 8, fineBlocks: 1 },
};

export const TINY_VELOCITY = { latentChannels: 4, channels: 8, blocks: 1, embedding: 8, changeStd: 0.5 };
