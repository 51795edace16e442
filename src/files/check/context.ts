import type { Failure } from '../../base/failure';
import type { ProtocolDescription } from '../../protocols/description';
import type { ConnectionSpec } from '../run/connection';
import type { Fix, Range, Section, Severity } from '../syntax/ast';
import type { Surroundings } from '../values/builtins';
import type { Environment } from '../values/environments';

/** Context of a check besides the file. Undefined members are not checked. */
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

/** Adds a problem at a place. `severity` is `error` by default. */
export type Report = (
	problem: Pick<Failure, 'code' | 'message'>,
	range: Range,
	more?: { fixes?: Fix[]; severity?: Severity },
) => void;

/** A fix that writes `text` in place of `range`; an empty list if there is no such text. */
export const change = (range: Range, ...texts: (string | undefined)[]): Fix[] =>
	texts.flatMap((text) => (text === undefined ? [] : [{ title: `Change to ${text}`, range, text }]));
