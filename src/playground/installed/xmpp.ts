import { ejabberd } from './ejabberd';
import { findProgram } from './find';
import { prosody } from './prosody';
import type { Recipe } from './recipe';

/**
 * Both speak XMPP, and one is enough: it gets the usual port. The other one runs beside it where both are installed, and is
 * left out where it is not.
 */
export function xmppServers(
	isInstalled = (recipe: Recipe) => recipe.programs.every((names) => findProgram(names)),
): Recipe[] {
	const both = [prosody, ejabberd];
	const [first = prosody, second] = both.filter(isInstalled);
	return [first, ...(second ? [{ ...second, usualPort: 5322 }] : [])];
}
