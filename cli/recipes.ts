/** Reads recipes from disk. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EnlargerError } from '../core/errors.js';
import { parseRecipe, type Recipe } from '../core/train/recipe.js';

/** @throws EnlargerError `option-invalid` when the file is missing, no JSON, or no recipe. */
export async function readRecipeFile(file: string): Promise<Recipe> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new EnlargerError(
      'option-invalid',
      `The recipe ${file} cannot be read.`,
      'Recipes are JSON files.',
      {
        cause,
      },
    );
  }
  return parseRecipe(document);
}

/** The recipe of a run that another one builds on. @throws EnlargerError when it is of another task. */
export async function readRecipe<Task extends Recipe['task']>(
  dir: string,
  name: string,
  task: Task,
): Promise<Extract<Recipe, { task: Task }>> {
  const recipe = await readRecipeFile(path.join(dir, `${name}.json`));
  if (recipe.task !== task)
    throw new EnlargerError('option-invalid', `The recipe "${name}" trains a ${recipe.task}, not a ${task}.`);
  return recipe as Extract<Recipe, { task: Task }>;
}
