import {
	isAny,
	isBoolean,
	isIndex,
	isRecord,
	isString,
	listOf,
	oneOf,
	optional,
	shape,
	textUpTo,
} from '../../base/check';
import type { Failure } from '../../base/failure';
import type { Checks } from '../../base/rpc';
import type { Values } from '../profile/field';
import { type ActApi, actChecks, type ReadApi, readChecks } from './engine-api';
import { type Decoding, type Draft, decodings, type Receipt } from './message';
import type { Status, TestReport } from './session';

/** What a panel shows of its profile. */
export interface PanelProfile {
	id: string;
	name: string;
	protocol: string;
	url: string;
	color?: string;
	/** Marked as a server that must not be sent to by mistake. */
	production?: true;
}

/** What a panel needs once, when it is drawn. */
export interface PanelInit {
	profile: PanelProfile;
	status: Status;
	/** What the panel asked to keep when it was last open; its own shape, unchecked. */
	saved: unknown;
}

/** What the host offers to the panel of one connection: reading and acting go through to its engine, after the questions that are to be asked. */
export interface PanelApi extends ReadApi, ActApi {
	init(): Promise<PanelInit>;
	connect(): Promise<void>;
	disconnect(): Promise<void>;
	editProfile(): Promise<void>;
	/** Keeps the panel's state for the next time it is opened: filter, layout, drafts, history. At most 4 MB as JSON. */
	save(state: unknown): Promise<void>;
	/** A payload as a real, read-only document with its language. */
	openInEditor(seq: number, decoding: Decoding): Promise<void>;
	/** The editor's own diff of two messages. */
	compare(left: number, right: number, decoding: Decoding): Promise<void>;
	/** Asks where to, and writes the payload byte for byte. */
	savePayload(seq: number): Promise<void>;
	copy(text: string): Promise<void>;
	/** Lets the user choose a file; the token stands for it in `sendFile`. */
	pickFile(): Promise<{ token: string; name: string; size: number } | undefined>;
	/** Sends the file's bytes as they are then; the draft's own payload is ignored. */
	sendFile(draft: Draft, token: string): Promise<Receipt>;
	/** Clears the retained messages at and below a topic, after showing which. Resolves with how many. */
	clearRetained(path: string): Promise<number>;
	/** A new message file from lines of the log, with the time between them; at most 1,000. */
	messageFile(messages: number[]): Promise<void>;
	/** A new message file that sends this. */
	draftFile(draft: Draft): Promise<void>;
	/** Lets the user choose a command line or a program that sends this, and copies it. */
	copyDraft(draft: Draft): Promise<void>;
	/** The same for a line of the log. */
	copyMessage(seq: number): Promise<void>;
	/** Also remembers the subscription in the profile, or forgets it there. */
	keepSubscription(target: string, keep: boolean, mode?: string): Promise<void>;
	/** Shows a failure's remedy: runs its command. */
	remedy(failure: Failure): Promise<void>;
}

/** What the host tells a panel unasked, while it is visible. */
export interface PanelEvents {
	changed(status: Status): void;
	/** The profile was edited: how it is named and marked now. */
	renamed(profile: PanelProfile): void;
	/**
	 * Show this target: select it in the tree and filter the log to it, unless it is empty; with `compose`, put it into
	 * the compose form, with `fill` as well.
	 */
	reveal(path: string, compose: boolean, fill?: { verb: string; values?: Values }): void;
}

export const panelChecks: Checks<PanelApi> = {
	...readChecks,
	...actChecks,
	init: [],
	connect: [],
	disconnect: [],
	editProfile: [],
	save: [isAny],
	openInEditor: [isIndex, oneOf(...decodings)],
	compare: [isIndex, isIndex, oneOf(...decodings)],
	savePayload: [isIndex],
	copy: [textUpTo(32 * 1024 * 1024)],
	pickFile: [],
	sendFile: [actChecks.send[0] ?? isRecord, isString],
	clearRetained: [isString],
	messageFile: [listOf(isIndex, 1000)],
	draftFile: [actChecks.send[0] ?? isRecord],
	copyDraft: [actChecks.send[0] ?? isRecord],
	copyMessage: [isIndex],
	keepSubscription: [isString, isBoolean, optional(isString)],
	remedy: [isRecord],
};
export const panelEventChecks: Checks<PanelEvents> = {
	changed: [isRecord],
	renamed: [isRecord],
	reveal: [isString, isBoolean, optional(shape({ verb: isString, values: optional(isRecord) }))],
};

/** What the profile form needs once. */
export interface FormInit {
	/** The profile as it stands in the settings, or the start of a new one. */
	profile: Record<string, unknown>;
	isNew: boolean;
	/** Where it is or shall be saved. */
	scope: 'workspace' | 'user';
	canWorkspace: boolean;
	/** Secret fields that are stored for this profile and origin. */
	storedSecrets: string[];
}

/** What the host offers to the profile form. Secrets never pass through the page: the host asks for them itself. */
export interface FormApi {
	init(): Promise<FormInit>;
	/** Saves and says the diagnostics if it could not; closes the form when it could and `connect` follows if asked. */
	save(profile: Record<string, unknown>, scope: 'workspace' | 'user', connect: boolean): Promise<void>;
	test(profile: Record<string, unknown>): Promise<TestReport>;
	cancelTest(): Promise<void>;
	/** Opens the editor's password box. Resolves with whether a secret is stored afterwards. */
	setSecret(profile: Record<string, unknown>, key: string): Promise<boolean>;
	clearSecret(profile: Record<string, unknown>, key: string): Promise<boolean>;
	/** Which secrets are stored for the profile's present origin. */
	secretsFor(profile: Record<string, unknown>): Promise<string[]>;
	/** A path chosen by the user, relative to the workspace as `${workspaceFolder}/…` where it is inside. */
	pickFile(title: string): Promise<string | undefined>;
	cancel(): Promise<void>;
}

/** The form hears nothing unasked. */
export type FormEvents = Record<never, never>;

export const formChecks: Checks<FormApi> = {
	init: [],
	save: [isRecord, oneOf('workspace', 'user'), isBoolean],
	test: [isRecord],
	cancelTest: [],
	setSecret: [isRecord, isString],
	clearSecret: [isRecord, isString],
	secretsFor: [isRecord],
	pickFile: [isString],
	cancel: [],
};
