import { type Failure, fail } from '../base/failure';

/** Every failure that the host raises itself, each sentence once. Message files describe theirs where they occur. */

/** The user chose not to go on. It is shown nowhere. */
export const cancelled = (message = 'Nothing was done.') => fail('cancelled', message);
export const testCancelled = () => cancelled('The test was cancelled.');

export const untrusted = () =>
	fail('untrusted', 'This workspace is not trusted, so nothing is connected, sent or read in it.', {
		final: true,
		remedy: { text: 'Manage Trust', command: 'workbench.trust.manage' },
	});

/** Its messages are acknowledged by a rule (`Hold`). */
export const heldSubscription = (target: string) =>
	fail('held', `A rule acknowledges the messages of "${target}" after it has processed them. Stop the rule first.`);

// Settings and profiles.

export const noProfile = () => fail('no-profile', 'This connection is no longer in the settings.');
export const noEntry = () =>
	fail('no-profile', 'This entry is no longer in the settings. Save the settings, then try again.');
export const incompleteEntry = () =>
	fail('no-profile', 'The password was not moved, because the entry needs an id, a protocol and a URL.');
export const invalidField = (message: string, field?: string) =>
	fail('bad-field', message, field === undefined ? {} : { field });
export const unknownProtocol = (id: string) => fail('unknown-protocol', `Unknown protocol "${id}".`);
export const unknownSecret = (key: string) => fail('no-field', `The protocol has no secret named "${key}".`);
export const noWorkspace = () =>
	fail('no-workspace', 'No folder is open. Open a folder to save connections in workspace settings.');
export const otherScope = () =>
	fail('other-scope', 'User and workspace connections are stored in different files and cannot be mixed.');
export const settingsChanged = () => fail('changed-meanwhile', 'The settings have changed in the meantime. Try again.');
/** `reason` completes the sentence: "it is not UTF-8 text". */
export const unreadableSettings = (reason: string) =>
	fail('unreadable-settings', `The settings file was not changed, because ${reason}.`);
/** `label` names the settings in the plural: "user settings". */
export const unsavedSettings = (label: string) =>
	fail('unsaved-settings', `The ${label} have unsaved changes. Save them, then try again.`);
export const unwrittenSettings = (label: string, evidence: string) =>
	fail('unwritten-settings', `VS Code could not write the ${label}. Correct the file, then try again.`, { evidence });
export const invalidImport = (evidence: string) =>
	fail('bad-import', 'The file does not contain a list of connections.', { evidence });
export const importTooLarge = (bytes: number, max: number) =>
	fail('bad-import', `The file has ${bytes} bytes. A list of connections can have at most ${max}.`);

// Connections and sessions.

export const notOpen = (message = 'The connection is not open.') =>
	fail('not-open', message, { remedy: { text: 'Connect first.' } });
export const noneOpen = (protocol: string) => notOpen(`No ${protocol} connection is open.`);
export const noSession = () => fail('no-session', 'The connection has no session. Connect first.');
export const noSubscriptions = () =>
	fail('cannot-subscribe', 'This protocol has no subscriptions. All incoming messages are received.');
export const noRetained = () =>
	fail('no-retained', 'This connection has no retained messages to clear. Connect first.');
export const notCleared = (receipt: string) => fail('not-cleared', receipt);
/** `bytes` is the largest size that is read for an approval. */
export const unreadableAuthority = (path: string, bytes: number) =>
	fail('unreadable-file', `${path} was not read, because it is not a regular file of at most ${bytes} bytes.`, {
		final: true,
	});

const gone = (code: string, cause: string, more: Partial<Failure>): Failure => ({
	code,
	message: `${cause} Its log is lost.`,
	...more,
});
const remedy = { text: 'Connect again. Other connections are not affected.' };
export const outOfMemory = (evidence: string) =>
	gone('out-of-memory', 'The session exceeded its memory limit and was ended.', { evidence, remedy });
export const engineError = (evidence: string) =>
	gone('engine-error', 'The session ended because of an internal error.', { evidence, remedy });
export const engineExit = (exitCode: number) =>
	gone('engine-exit', 'The thread of the session ended unexpectedly.', { evidence: `exit code ${exitCode}` });
export const engineStuck = () => gone('engine-stuck', 'The session did not close in time and was stopped.', {});

export const simulationEnded = (evidence: string): Failure => ({
	code: 'simulation-ended',
	message: 'The thread of the simulation ended unexpectedly, and its connections with it.',
	evidence,
});

// Sending.

export const noEditor = () =>
	fail('no-editor', 'Open a text editor and select the text to send.', {
		remedy: { text: 'New Text File', command: 'workbench.action.files.newUntitledFile' },
	});
export const noFile = () => fail('no-file', 'Choose the file again.');
export const notPicture = () => fail('not-a-picture', 'The picture of the chart could not be saved.');
export const fileTooLarge = (bytes: number, max: number) =>
	fail('too-large', `The file has ${bytes} bytes. At most ${max} can be sent as one message.`);
export const partTooLarge = (bytes: number, max: number) =>
	fail('too-large', `The file has ${bytes} bytes. At most ${max} can become a part of a message here.`);
export const stateTooLarge = (characters: number, max: number) =>
	fail('too-large', `The state of the panel was not saved. It has ${characters} characters; the limit is ${max}.`);

export const selectionTooLarge = (max: number) =>
	fail('too-large', `The selection has more than ${max} characters and was not copied. Save it as a file instead.`);
export const exportTooLarge = (max: number) =>
	fail('too-large', `At most ${max} characters can be saved here. Choose a folder on this machine's disk.`);

// Recordings.

export const alreadyRecording = (name: string) => fail('already-recording', `“${name}” is already being recorded.`);
export const notRecording = () => fail('not-recording', 'No connection is being recorded.');
/** The thread of a session writes the file. */
export const notOnDisk = () => fail('no-recording', 'A recording needs a folder of this machine. Choose another one.');
export const recordedFile = () => fail('no-recording', 'Another connection is being recorded into this file.');
export const noHistory = (name: string) =>
	fail('no-recording', `There is no history of “${name}”. Set how much of it to keep, then connect.`, {
		remedy: { text: 'Edit Connection', command: 'messagingWorkbench.editConnection' },
	});
export const noRecordingLeft = () => fail('no-recording', 'The file of the recording was moved or deleted.');

export const playgroundFailed = (evidence: string) =>
	fail('playground', 'The playground could not be started.', { evidence });

export const alreadyComparing = () =>
	fail('comparing', 'A comparison is running. Two at once would measure each other.', {
		remedy: { text: 'Wait for its report, or stop it.' },
	});
export const comparisonEnded = (evidence: string) =>
	fail('comparison', 'The comparison ended unexpectedly.', { evidence });
