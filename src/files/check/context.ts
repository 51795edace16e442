import type { ProtocolDescription } from '../../protocols/description';
import type { ConnectionSpec } from '../run/connection';
import type { Fix, Range, Section, Severity } from '../syntax/ast';
import type { Surroundings } from '../values/builtins';
import type { Environment } from '../values/environments';

/** What a check needs to know besides the file. Undefined members are not checked. */
export interface CheckContext {
	/** The protocol of a connection; undefined if it is not known. */
	describe(spec: ConnectionSpec): ProtocolDescription | undefined;
	environment?: Environment;
	around: Pick<Surroundings, 'env' | 'dotenv' | 'secret'>;
	/** Names of the saved connections. */
	connections?: readonly string[];
	/** The only sections to check; undefined: all. */
	sections?: readonly Section[];
}

/** Adds a problem. `severity` is `error` by default. */
export type Report = (
	code: string,
	range: Range,
	message: string,
	more?: { fixes?: Fix[]; severity?: Severity },
) => void;
