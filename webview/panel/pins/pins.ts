import { FailureError } from '../../../src/base/failure';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { limits, type Saved } from '../saved';

/** The part of the panel's store that is needed here. */
interface State {
	readonly describe: ProtocolDescription;
	readonly saved: Pick<Saved, 'pins'>;
	keep(change: Pick<Saved, 'pins'>): void;
	show(error: unknown): void;
}

const none: readonly string[] = [];

/** The topics that the user has pinned, in that order. */
export class Pins {
	constructor(private readonly store: State) {}

	get paths(): readonly string[] {
		return this.store.saved.pins ?? none;
	}

	has(path: string): boolean {
		return this.paths.includes(path);
	}

	/** A longer topic would make the saved state large. */
	canPin(path: string): boolean {
		return path !== '' && path.length <= limits.pinText;
	}

	toggle(path: string): void {
		const { store, paths } = this;
		if (this.has(path)) store.keep({ pins: paths.filter((one) => one !== path) });
		else if (paths.length < limits.pins) store.keep({ pins: [...paths, path] });
		else {
			const { targets, target } = store.describe.words;
			const message = `No more than ${limits.pins} ${targets} can be pinned.`;
			const remedy = { text: `Unpin another ${target} first.` };
			store.show(new FailureError({ code: 'too-many-pins', message, remedy }));
		}
	}
}

/** The shortest end of each path, in whole levels, that tells it from the others. */
export function shortNames(paths: readonly string[], separator: string | undefined): string[] {
	if (!separator) return [...paths];
	const levels = paths.map((path) => path.split(separator));
	const end = (one: readonly string[], count: number) => one.slice(-count).join(separator);
	return levels.map((own, index) => {
		for (let count = 1; count < own.length; count++) {
			const name = end(own, count);
			if (name !== '' && levels.every((other, at) => at === index || end(other, count) !== name)) return name;
		}
		return paths[index] as string;
	});
}
