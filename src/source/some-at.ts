/** Whether one of the places of a character is as asked. To look for the few that there are is quicker than a pattern. */
export function someAt(text: string, character: string, is: (at: number) => boolean): boolean {
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) if (is(at)) return true;
  return false;
}
