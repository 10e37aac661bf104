import { requireAddressSpace } from '../../cli/address-space.js';

const limits = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max address space         ${soft.padEnd(20)} unlimited            bytes
Max file locks            unlimited            unlimited            locks
`;

describe('requireAddressSpace', () => {
  it.each([limits('unlimited'), limits('4096000000'), '', 'nothing of the kind'])(
    'is content with %#',
    (text) => {
      expect(() => requireAddressSpace(text)).not.toThrow();
    },
  );

  it('says how much there is, how much is needed and how to get it', () => {
    expect(() => requireAddressSpace(limits('1638400000'))).toThrow(
      expect.objectContaining({
        code: 'out-of-memory',
        message: expect.stringMatching(/1638 MB .* 1900/),
        hint: expect.stringContaining('ulimit -v'),
      }),
    );
  });

  it('lets this very process run', () => {
    expect(() => requireAddressSpace()).not.toThrow();
  });
});
