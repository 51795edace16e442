import type { Failure } from '../../base/failure';
import type { ProtocolDescription } from '../../protocols/description';
import type { Received } from '../run/connection';

/** Where messages go that a rule could not process: a recording, so that they can be looked at and sent again. */
export interface DeadLetters {
	/** Where they are, for the user; undefined until there is one. */
	readonly place: string | undefined;
	/** Resolves when the message is stored. Throws a FailureError if it cannot be. */
	add(message: Received, failure: Failure, description: ProtocolDescription): Promise<void>;
	close(): Promise<void>;
}
