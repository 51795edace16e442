import type { ProtocolDescription, Verb } from '../../description';
import { history, limits, pingInterval, reconnect, tls, userAndPassword } from '../../shared/fields';
import { files } from '../files/files';
import { isUrgent } from './flags';
import type { SampleVerb } from './ids';
import { checkTarget } from './targets';

export const sample: ProtocolDescription = {
	id: 'sample',
	label: 'Sample',
	summary: 'Publish and subscribe on targets, with an answer of the server to each message.',
	schemes: [
		{ scheme: 'sample', defaultPort: 7007, tls: false },
		{ scheme: 'samples', defaultPort: 7008, tls: true },
	],
	urlPlaceholder: 'sample://localhost:7007',
	words: {
		target: 'target',
		targets: 'targets',
		subscribe: 'Subscribe',
		unsubscribe: 'Unsubscribe',
		send: 'Publish',
		message: 'message',
		messages: 'messages',
		empty: 'Nothing has arrived yet. Subscribe to a target to receive its messages.',
	},
	separator: '/',
	profile: [userAndPassword, tls, { title: 'Session', fields: [reconnect, pingInterval] }, limits, history],
	subscription: {
		placeholder: 'machines/press-1',
		fields: [],
		check: checkTarget,
		sideEffect: 'The server sends copies to this client from now on. Nothing changes for other clients.',
		suggest: [],
	},
	verbs: [
		{
			id: 'publish',
			label: 'Publish',
			target: 'required',
			targetPlaceholder: 'machines/press-1',
			checkTarget,
			fields: [{ key: 'urgent', label: 'Urgent', type: 'boolean', default: false }],
			proves: 'The server answers each message: accepted or refused.',
		},
	] satisfies readonly Verb<SampleVerb>[],
	columns: [{ id: 'urgent', label: '!', title: 'Urgent', width: 1, text: (flags) => (isUrgent(flags) ? '!' : '') }],
	properties: (flags) => [{ label: 'Urgent', value: isUrgent(flags) ? 'yes' : 'no' }],
	files,
};
