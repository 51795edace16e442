import {
	isAny,
	isBoolean,
	isBytes,
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
import type { CheckRule } from '../checks/rule';
import type { Field, Values } from '../profile/field';
import type { Subscription } from '../profile/profile';
import {
	type ActApi,
	actChecks,
	isChartField,
	isFilter,
	isPart,
	isSubscription,
	type ReadApi,
	readChecks,
} from './engine-api';
import { type ChartField, type Decoding, type Draft, decodings, type LogFilter, type Receipt } from './message';
import type { Status, TestReport } from './session';

/** The part of a profile that a panel shows. */
export interface PanelProfile {
	id: string;
	name: string;
	protocol: string;
	url: string;
	color?: string;
	/** Marked as production: sending asks first. */
	production?: true;
}

/** Initial data of a panel. */
export interface PanelInit {
	profile: PanelProfile;
	status: Status;
	/** The state that the panel saved last; its own shape, unchecked. */
	saved: unknown;
	/** The connection was open before the window was reloaded, which ended it and its log. */
	ended?: boolean;
	/** What was recorded before the window was reloaded: by the user, or as the history of the connection. */
	recorded?: 'recording' | 'history';
	/** The panel shows a recording, which has actions of its own: nothing can be sent or changed. */
	recording?: { actions: RecordedAction[]; hasHead: boolean };
}

/** What is offered for a recording, in the shape of an action on a connection. */
export interface RecordedAction {
	id: string;
	label: string;
	icon: string;
	on: { connection: true };
	group?: 'read' | 'change';
	when?: { state: string; is: boolean };
	sideEffect?: string;
	fields?: readonly Field[];
}

/** Messages that were copied or saved, and those that the log had already removed. */
export interface MessageCount {
	written: number;
	removed: number;
}

/** `open`: the recording that the end of the window has ended. `stop` also dismisses one that has ended early. */
export const recordingCommands = ['start', 'stop', 'open', 'history'] as const;
export type RecordingCommand = (typeof recordingCommands)[number];

/**
 * Methods of the host for the panel of one connection. Reading and acting are passed to the engine, after the necessary
 * confirmations.
 */
export interface PanelApi extends ReadApi, ActApi {
	init(): Promise<PanelInit>;
	connect(): Promise<void>;
	disconnect(): Promise<void>;
	editProfile(): Promise<void>;
	/** Keeps the panel's state for the next time it is opened: filter, layout, drafts, history. At most 4 MB as JSON. */
	save(state: unknown): Promise<void>;
	/** Opens a payload as a read-only document with its language. `part`: that of a further payload, here and below. */
	openInEditor(seq: number, decoding: Decoding, part?: string): Promise<void>;
	/** Opens the editor's diff of two messages. */
	compare(left: number, right: number, decoding: Decoding, part?: string): Promise<void>;
	/** Asks for a file and writes the payload byte for byte. */
	savePayload(seq: number, part?: string): Promise<void>;
	/** The draft that sends a line of the log again exactly as it was. Throws `cannot-write` if no field can hold a part of it. */
	draft(seq: number): Promise<Draft>;
	/** Asks for a file and writes the charted numbers as CSV, with their digits; a line for each message. */
	saveNumbers(fields: ChartField[]): Promise<void>;
	/** Asks for a file and writes the picture of a chart. `png`: at most 32 MB. */
	savePicture(png: Uint8Array): Promise<void>;
	copy(text: string): Promise<void>;
	/**
	 * Copies messages of the log as JSON lines, or their payloads, each on a line; notes only if there is nothing else. At
	 * most 100,000 messages and 32 MB.
	 */
	copyMessages(messages: number[], as: 'json-lines' | 'payloads'): Promise<MessageCount>;
	/**
	 * Asks for a file and writes messages of the log as JSON lines or CSV, without notes: these lines, or all that match
	 * the filter. Resolves with undefined if the user cancelled.
	 */
	saveMessages(messages: number[] | undefined, filter: LogFilter): Promise<MessageCount | undefined>;
	/** Lets the user choose a file; `sendFile` takes the token. */
	pickFile(): Promise<{ token: string; name: string; size: number } | undefined>;
	/** Lets the user choose a file of at most 1 MB and resolves with its bytes. Throws `too-large`. */
	pickBytes(): Promise<Uint8Array | undefined>;
	/** Sends the file's current bytes; the draft's own payload is ignored. */
	sendFile(draft: Draft, token: string): Promise<Receipt>;
	/** Clears the retained messages at and below a topic after showing them. Resolves with their number. */
	clearRetained(path: string): Promise<number>;
	/** Creates a message file from lines of the log, with the time between them; at most 1,000. */
	messageFile(messages: number[]): Promise<void>;
	/** Creates a message file that sends this draft. */
	draftFile(draft: Draft): Promise<void>;
	/** Lets the user choose a command line or a program that sends this, and copies it. */
	copyDraft(draft: Draft): Promise<void>;
	/** Like `copyDraft`, for a line of the log. */
	copyMessage(seq: number): Promise<void>;
	/** Adds the subscription to the profile, or removes it there. */
	keepSubscription(subscription: Subscription, keep: boolean): Promise<void>;
	/** Adds a check of received messages to the profile. Throws `bad-field` with the member that is wrong. */
	addCheck(check: CheckRule): Promise<void>;
	/** Saves the profile with the protocol that the peer turned out to speak, and connects. */
	switchProtocol(protocol: string): Promise<void>;
	/** Runs a command on the recordings of the connection, which may ask the user. */
	recording(command: RecordingCommand): Promise<void>;
	/** Runs the command of a failure's remedy. */
	remedy(failure: Failure): Promise<void>;
}

/** An action with its form, or a way to receive whose options decide what is read, chosen in a menu of the sidebar. */
export type Start =
	| { kind: 'action'; action: string; node?: { id: string; name: string } }
	| { kind: 'receive'; mode: string; subscription: Subscription };

/** Events of the host for a visible panel. */
export interface PanelEvents {
	changed(status: Status): void;
	/** The profile was edited. */
	renamed(profile: PanelProfile): void;
	/**
	 * Selects a target in the tree and filters the log to it, unless it is empty. With `compose`, also puts it into the
	 * compose form, together with `fill`. A target in `fill` is composed for without changing the filter.
	 */
	reveal(path: string, compose: boolean, fill?: { verb: string; target?: string; values?: Values }): void;
	/** Opens the form of what the user has chosen in the sidebar, or starts it where it has none. */
	start(what: Start): void;
}

const isStart = (value: unknown) =>
	isRecord(value) &&
	((value.kind === 'action' &&
		isString(value.action) &&
		optional(shape({ id: isString, name: isString }))(value.node)) ||
		(value.kind === 'receive' && isString(value.mode) && isSubscription(value.subscription)));

export const panelChecks: Checks<PanelApi> = {
	...readChecks,
	...actChecks,
	init: [],
	connect: [],
	disconnect: [],
	editProfile: [],
	save: [isAny],
	openInEditor: [isIndex, oneOf(...decodings), isPart],
	compare: [isIndex, isIndex, oneOf(...decodings), isPart],
	savePayload: [isIndex, isPart],
	draft: [isIndex],
	saveNumbers: [listOf(isChartField, 12)],
	savePicture: [isBytes],
	copy: [textUpTo(32 * 1024 * 1024)],
	copyMessages: [listOf(isIndex, 100_000), oneOf('json-lines', 'payloads')],
	saveMessages: [optional(listOf(isIndex, 100_000)), isFilter],
	pickFile: [],
	pickBytes: [],
	sendFile: [actChecks.send[0] ?? isRecord, isString],
	clearRetained: [isString],
	messageFile: [listOf(isIndex, 1000)],
	draftFile: [actChecks.send[0] ?? isRecord],
	copyDraft: [actChecks.send[0] ?? isRecord],
	copyMessage: [isIndex],
	keepSubscription: [isSubscription, isBoolean],
	addCheck: [isRecord],
	switchProtocol: [textUpTo(100)],
	recording: [oneOf(...recordingCommands)],
	remedy: [isRecord],
};
export const panelEventChecks: Checks<PanelEvents> = {
	changed: [isRecord],
	renamed: [isRecord],
	reveal: [
		isString,
		isBoolean,
		optional(shape({ verb: isString, target: optional(isString), values: optional(isRecord) })),
	],
	start: [isStart],
};

/** Initial data of the profile form. */
export interface FormInit {
	/** The profile as stored in the settings, or the start of a new one. */
	profile: Record<string, unknown>;
	isNew: boolean;
	/** Where the profile is or will be saved. */
	scope: 'workspace' | 'user';
	canWorkspace: boolean;
	/** Secret fields that are stored for this profile and origin. */
	storedSecrets: string[];
	/** Names of other connections. */
	names: string[];
	/** The profile has changes that were not saved when its form was closed. */
	isDraft: boolean;
}

/** Limit of a typed secret, in UTF-16 code units. */
const maxSecret = 65_535;

/**
 * Methods of the host for the profile form. A stored secret never enters the page. A typed one passes in a call of its own,
 * and never as a part of a profile.
 */
export interface FormApi {
	init(): Promise<FormInit>;
	/**
	 * Saves the profile and closes the form, then connects if requested. Resolves with the diagnostics if it could not
	 * be saved.
	 */
	save(profile: Record<string, unknown>, scope: 'workspace' | 'user', connect: boolean): Promise<void>;
	test(profile: Record<string, unknown>): Promise<TestReport>;
	cancelTest(): Promise<void>;
	/**
	 * Asks whether the certificate that the last test has refused is trusted. Resolves with its fingerprint if it is.
	 */
	trustCertificate(): Promise<string | undefined>;
	copy(text: string): Promise<void>;
	/**
	 * Hands over the typed secrets, by field, and names the stored ones to remove. The host uses them for tests from now on,
	 * and stores or removes them when the profile is saved. Replaces those of an earlier call.
	 */
	enterSecrets(typed: Record<string, string>, removed: string[]): Promise<void>;
	/** Keeps the unsaved profile in memory, to offer it again when its form is closed. */
	keepDraft(profile: Record<string, unknown>, scope: 'workspace' | 'user'): Promise<void>;
	/** Secrets that are stored for the profile's current origin. */
	secretsFor(profile: Record<string, unknown>): Promise<string[]>;
	/** A path chosen by the user, relative to the workspace as `${workspaceFolder}/…` where it is inside. */
	pickFile(title: string): Promise<string | undefined>;
	/** Closes the form, after a question if there are unsaved changes. */
	cancel(isChanged: boolean): Promise<void>;
}

/** The form has no events. */
export type FormEvents = Record<never, never>;

export const formChecks: Checks<FormApi> = {
	init: [],
	save: [isRecord, oneOf('workspace', 'user'), isBoolean],
	test: [isRecord],
	cancelTest: [],
	trustCertificate: [],
	copy: [textUpTo(100_000)],
	enterSecrets: [(value) => isRecord(value) && Object.values(value).every(textUpTo(maxSecret)), listOf(isString, 100)],
	keepDraft: [isRecord, oneOf('workspace', 'user')],
	secretsFor: [isRecord],
	pickFile: [isString],
	cancel: [isBoolean],
};
