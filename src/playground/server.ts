import type { PlaygroundConnection } from '../model/contracts/playground';

/** A server that listens. */
export interface Running {
	port: number;
	close(): void | Promise<void>;
}

/** A server of the playground that is part of the extension. */
export interface Embedded {
	id: string;
	label: string;
	/** Port unless it is busy. */
	usualPort: number;
	/** Opens the port on loopback, or a free one where it is busy or 0. */
	start(port: number): Promise<Running>;
	connections(port: number): PlaygroundConnection[];
}
