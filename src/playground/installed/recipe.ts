import type { PlaygroundConnection } from '../../model/contracts/playground';
import type { Launch } from './program';

/** Where a private instance runs. */
export interface Place {
	/** Its own folder, for configuration and data. */
	folder: string;
	port: number;
	/** Further free ports, one for each of `morePorts`. */
	ports: readonly number[];
	/** Paths of the programs, in the order of the recipe. */
	programs: readonly string[];
}

/** How a private instance of an installed server is started. */
export interface Recipe {
	id: string;
	label: string;
	/** Port unless it is busy. */
	usualPort: number;
	/** The programs that it needs: of each, names or paths in the order of preference. */
	programs: readonly (readonly string[])[];
	/** Commands that install it. */
	install: { debian: string; macos: string };
	/** Further ports: each unless it is busy, 0 for any. */
	morePorts: readonly number[];
	/** Writes the configuration. */
	prepare(place: Place): Launch;
	connections(place: Pick<Place, 'port' | 'ports'>): PlaygroundConnection[];
	/** Fills the running server with accounts and messages. Rejects until the server is ready. Resolves with what ends it. */
	live?(place: Place): Promise<() => void>;
}
