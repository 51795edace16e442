import type { Secrets } from '../model/profile/profile';

/**
 * Connections that another tool of the protocol has saved on this machine, for "Import Connections…". Data, and a pure reader
 * that is loaded when it is first used; the host finds and reads the files, after the user has chosen the tool.
 */
export interface ConnectionImport {
	/** As in a sentence: "nats command line". */
	tool: string;
	/** The stored connections in words: "contexts". */
	what: string;
	/** Below the folder of configurations, which is $XDG_CONFIG_HOME, or .config in the home folder. */
	place: { file: string } | { folder: string; end: string };
	load(): Promise<(file: StoredFile) => FoundConnection>;
}

export interface StoredFile {
	/** Without its folder. */
	name: string;
	text: string;
	/** The home folder, for paths that begin with "~". */
	home: string;
}

/** What a file holds. A reader throws an Error with one sentence for a file that is not of its format. */
export interface FoundConnection {
	/** Without id and protocol; it has no secret. */
	profile: { name: string; url: string; [field: string]: unknown };
	/** For the secret storage, by the keys of the profile's fields. */
	secrets: Secrets;
	/** What is not taken, each as "…, which …", without a secret. */
	left: string[];
}
