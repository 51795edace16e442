/** A request as a resource sees it: whole, whatever blocks it came in. */
export interface Asked {
	/** GET, POST, PUT, DELETE, FETCH, PATCH, iPATCH. */
	method: string;
	query: string[];
	payload: Buffer;
	/** Number of the content format of the payload, and of the one that is wanted. */
	format?: number;
	accept?: number;
	ifMatch: string[];
	ifNoneMatch: boolean;
}

export interface Reply {
	/** "2.05" */
	code: string;
	format?: number;
	payload?: Uint8Array;
	/** Seconds. */
	maxAge?: number;
	/** Path of what was created. */
	location?: string;
}

export interface Resource {
	/** Without the slash in front. */
	path: string;
	/** As in the link format: `rt="temperature";ct=50`. `obs` is added to observable ones. */
	attributes: string;
	observable?: boolean;
	/** Milliseconds after which it answers, in a message of its own (RFC 7252, 5.2.2). */
	slow?: number;
	answer(asked: Asked): Reply;
}

/** What resources may do besides answering. */
export interface Place {
	add(resource: Resource): void;
	remove(path: string): void;
	/** Those who observe it get its present state. */
	changed(path: string): void;
	every(ms: number, action: () => void): void;
}

const encoder = new TextEncoder();
export const text = (code: string, words: string): Reply => ({ code, payload: encoder.encode(words) });
export const notAllowed = text('4.05', 'This method is not allowed here.');
export const notAcceptable = text('4.06', 'Not offered in that content format.');
