/** A field whose words do not say what the model says. The message names the field and no word of the model. */
export class Unfounded extends Error {
  override readonly name = 'Unfounded';
}
