import { fail } from '../../../base/failure';
import type { ActResult, Intent, Question } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import type { Contacts } from '../browse/contacts';
import type { Discovery } from '../browse/discovery';
import { pathOf } from '../browse/nodes';
import type { ContactRequests } from '../browse/requests';
import type { Rooms } from '../browse/rooms';
import type { XmppAction } from '../describe/ids';
import { bareJid, checkJid } from '../describe/jid';
import type { StanzaMeta } from '../describe/stanza-meta';
import type { OpenStream } from '../wire/open-stream';
import { readTyped } from '../wire/user-xml';
import { child, children, escapeXml, namespaces, xml } from '../wire/xml';

export interface ActionsOptions {
	stream: OpenStream;
	discovery: Discovery;
	contacts: Contacts;
	requests: ContactRequests;
	rooms: Rooms;
}

/** Addresses in the id of the node on which an action runs; empty if there is no node. */
interface Place {
	jid: string;
	node: string;
	item: string;
}

type Handler = (act: Act, place: Place) => Promise<ActResult>;

const owner = (content: string) => xml('pubsub', { xmlns: namespaces.pubsubOwner }, content);
const pubsub = (content: string) => xml('pubsub', { xmlns: namespaces.pubsub }, content);
const roster = (content: string) => xml('query', { xmlns: namespaces.roster }, content);
const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
const number = (value: unknown, usual: number) => (typeof value === 'number' ? value : usual);

function placeOf(id: string | undefined): Place {
	const [, jid, node, item] = id === undefined ? [''] : pathOf(id);
	return { jid: jid ?? '', node: node ?? '', item: item ?? '' };
}

/** The address that asks to see the user's presence: that of the node, or the sender of the message. */
function requester({ messages }: Act, { jid }: Place): string {
	const { from = '' } = (messages[0]?.meta ?? {}) as StanzaMeta;
	const found = jid || bareJid(from);
	if (found === '') throw fail('no-request', 'The message is not a contact request.');
	return found;
}

/** Runs the actions of the description, and the questions before them. */
export function createActions({ stream, discovery, contacts, requests, rooms }: ActionsOptions) {
	const set = (to: string | undefined, content: string, refused: string) =>
		stream.ask({ to, type: 'set', content, refused });
	const changed = () => {
		discovery.forget();
		stream.sink.browseChanged();
	};

	/** Answers a request to see the user's presence (RFC 6121, sections 3.1.4 and 3.1.5). */
	function respond(jid: string, type: 'subscribed' | 'unsubscribed'): void {
		const text = xml('presence', { to: jid, type });
		stream.say(text);
		if (requests.sent(readTyped(text))) stream.sink.browseChanged();
	}

	const handlers: Record<XmppAction, Handler> = {
		async ping(_, { jid, node }) {
			const to = node === '' ? jid : `${jid}/${node}`;
			const start = performance.now();
			const content = xml('ping', { xmlns: namespaces.ping });
			const { seq } = await stream.ask({ to, content, refused: `${to} did not answer the ping` });
			return { text: `${to} answered in ${Math.round((performance.now() - start) * 10) / 10} ms.`, messages: [seq] };
		},
		async items({ values }, { jid, node }) {
			const { element, seq } = await discovery.published(jid, node, number(values.count, 50), 'logged');
			const count = children(child(child(element, 'pubsub'), 'items'), 'item').length;
			return { text: `${count} items of ${node}, in one answer in the log.`, messages: [seq] };
		},
		async archive({ values, progress }, { jid }) {
			const count = number(values.count, 50);
			const isRoom = jid !== '' && contacts.find(jid) === undefined;
			progress('requesting the archive');
			const content = archiveQuery(count, isRoom ? '' : jid);
			const { seq } = await set(isRoom ? jid : undefined, content, 'The archive was not sent');
			return {
				text: `Up to ${count} of the latest archived messages are in the log, marked as history.`,
				messages: [seq],
			};
		},
		async 'create-node'({ values }, { jid }) {
			const node = text(values.node);
			if (node === '') throw fail('no-name', 'Enter a name for the node.');
			await set(jid, pubsub(xml('create', { node })), `The node ${node} was not created`);
			changed();
			return { text: `Created the node ${node} at ${jid}.` };
		},
		async 'delete-node'(_, { jid, node }) {
			await set(jid, owner(xml('delete', { node })), `The node ${node} was not deleted`);
			changed();
			return { text: `Deleted the node ${node}.` };
		},
		async retract(_, { jid, node, item }) {
			const content = pubsub(xml('retract', { node, notify: 'true' }, xml('item', { id: item })));
			await set(jid, content, `The item ${item} was not retracted`);
			changed();
			return { text: `Retracted the item ${item} of ${node}.` };
		},
		async accept(act, place) {
			const jid = requester(act, place);
			const asks = act.values.ask !== false && !/^(?:to|both)$/.test(contacts.find(jid)?.subscription ?? '');
			respond(jid, 'subscribed');
			if (!asks) return { text: `${jid} now sees your presence.` };
			stream.say(xml('presence', { to: jid, type: 'subscribe' }));
			return { text: `${jid} now sees your presence, and was asked to show theirs.` };
		},
		async decline(act, place) {
			const jid = requester(act, place);
			respond(jid, 'unsubscribed');
			return { text: `Declined the request of ${jid}.` };
		},
		async leave(_, { jid }) {
			const room = rooms.list().find((one) => one.jid === jid);
			if (!room) throw fail('not-joined', `You are not in the room ${jid}.`);
			await rooms.leave(jid);
			stream.sink.subscription(room.subscriptions[0], { ended: true });
			stream.sink.browseChanged();
			return { text: `Left the room ${jid}.` };
		},
		async 'add-contact'({ values }) {
			const jid = text(values.jid);
			const wrong = checkJid(jid);
			if (wrong) throw fail('bad-target', wrong);
			const item = xml('item', { jid, name: text(values.name) || undefined });
			await set(undefined, roster(item), `${jid} was not added`);
			if (values.ask === false) return { text: `Added ${jid}.` };
			stream.say(xml('presence', { to: jid, type: 'subscribe' }));
			return { text: `Added ${jid} and requested to see their presence.` };
		},
		async 'remove-contact'(_, { jid }) {
			await set(undefined, roster(xml('item', { jid, subscription: 'remove' })), `${jid} was not removed`);
			return { text: `Removed ${jid}.` };
		},
	};

	/** Questions before actions that others notice or that cannot be undone, with the present numbers. Only reads. */
	const questions: { [action in XmppAction]?: (place: Place) => Promise<Question> } = {
		async 'delete-node'({ jid, node }) {
			const items = await discovery.items(jid, node).catch(() => undefined);
			const detail = items
				? `${items.length} items and all subscriptions are lost.`
				: 'Its items and all subscriptions are lost.';
			return { text: `Delete the node ${node}?`, detail, button: 'Delete' };
		},
		retract: async ({ node, item }) => ({
			text: `Retract the item ${item}?`,
			detail: `It is removed from ${node}, and subscribers are notified.`,
			button: 'Retract',
		}),
		'remove-contact': async ({ jid }) => ({
			text: `Remove ${jid} from your contacts?`,
			detail: "You will no longer see each other's presence.",
			button: 'Remove',
		}),
	};

	return {
		act(act: Act): Promise<ActResult> {
			if (!Object.hasOwn(handlers, act.action)) throw fail('no-action', `XMPP has no action "${act.action}".`);
			return handlers[act.action as XmppAction](act, placeOf(act.node));
		},

		async ask(intent: Intent): Promise<Question | undefined> {
			if (intent.kind === 'act') {
				const { action, node } = intent.request;
				return Object.hasOwn(questions, action) ? questions[action as XmppAction]?.(placeOf(node)) : undefined;
			}
			const { target, mode, nick } = intent.subscription;
			return mode === 'room' ? joinQuestion(target, text(nick)) : undefined;
		},
	};

	async function joinQuestion(target: string, nick: string): Promise<Question> {
		const info = await discovery.info(target).catch(() => undefined);
		const occupants = info?.fields.get('muc#roominfo_occupants');
		const who = occupants === undefined ? 'Everyone in the room' : `${occupants} there now, who`;
		const seen = info
			? `${who} will see you join${nick ? ` as ${nick}` : ''}.`
			: 'There is no such room: joining creates it, and you own it.';
		return { text: `Join the room ${target}?`, detail: `${seen} The room may reveal your address.`, button: 'Join' };
	}
}

/** Queries the latest messages of an archive (XEP-0313), with one contact unless `jid` is empty. */
function archiveQuery(count: number, jid: string): string {
	const field = (name: string, value: string, type?: string) =>
		xml('field', { var: name, type }, xml('value', {}, escapeXml(value)));
	const form = xml(
		'x',
		{ xmlns: 'jabber:x:data', type: 'submit' },
		field('FORM_TYPE', namespaces.archive, 'hidden') + (jid === '' ? '' : field('with', jid)),
	);
	const limit = xml('max', {}, String(count)) + xml('before', {});
	const set = xml('set', { xmlns: 'http://jabber.org/protocol/rsm' }, limit);
	return xml('query', { xmlns: namespaces.archive, queryid: 'archive' }, form + set);
}
