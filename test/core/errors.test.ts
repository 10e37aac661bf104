import { EnlargerError, ERROR_CODES, toEnlargerError } from '../../core/errors.js';

it.each(ERROR_CODES.filter((code) => code !== 'cancelled'))('%s always comes with a way out', (code) => {
  expect(new EnlargerError(code, 'It happened.').hint).toMatch(/^[A-Z].*[.]$/);
  expect(new EnlargerError(code, 'It happened.', '').hint).not.toBe('');
  expect(new EnlargerError(code, 'It happened.', 'Do that.').hint).toBe('Do that.');
});

it('anything else that is thrown becomes one, with its cause', () => {
  const cause = new TypeError('x is not a function');
  expect(toEnlargerError(cause)).toMatchObject({ code: 'internal', cause, hint: 'Please report this.' });
  const own = new EnlargerError('cancelled', 'It was stopped.');
  expect(toEnlargerError(own)).toBe(own);
  expect(own.hint).toBe('');
});
