import { fail } from '../../../base/failure';
import type { ActResult, Intent, Question } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import { type Browser, pathOf } from '../browse/browse';
import type { Contacts } from '../browse/contacts';
import type { Discovery } from '../browse/discovery';
import { checkJid } from '../describe/jid';
import type { Line } from '../wire/open-stream';
import { child, children, escapeXml, namespaces, xml } from '../wire/xml';

export interface ActingOptions {
	line: Line;
	discovery: Discovery;
	contacts: Contacts;
	browser: Browser;
}

type Does = (act: Act, at: { jid: string; node: string; item: string }) => Promise<ActResult>;

/** What a user may do beyond sending and subscribing; each by the id it has in `describe.ts`. */
export function createActing({ line, discovery, contacts }: ActingOptions) {
	const owner = (content: string) => xml('pubsub', { xmlns: namespaces.pubsubOwner }, content);
	const pubsub = (content: string) => xml('pubsub', { xmlns: namespaces.pubsub }, content);
	const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
	const number = (value: unknown, usual: number) => (typeof value === 'number' ? value : usual);
	const changed = () => {
		discovery.forget();
		line.sink.browseChanged();
	};

	const does: Record<string, Does> = {
		async ping(_, { jid, node }) {
			const to = node === '' ? jid : `${jid}/${node}`;
			const start = performance.now();
			const { seq } = await line.ask({
				to,
				content: xml('ping', { xmlns: namespaces.ping }),
				what: `${to} did not answer the ping`,
			});
			return { text: `${to} answered in ${Math.round((performance.now() - start) * 10) / 10} ms.`, messages: [seq] };
		},
		async items({ values }, { jid, node }) {
			const { element, seq } = await discovery.published(jid, node, number(values.count, 50));
			const count = children(child(child(element, 'pubsub'), 'items'), 'item').length;
			return { text: `${count} items of ${node}, in one answer in the log.`, messages: [seq] };
		},
		async archive({ values, progress }, { jid }) {
			const count = number(values.count, 50);
			const isRoom = jid !== '' && contacts.find(jid) === undefined;
			const field = (name: string, value: string) => xml('field', { var: name }, xml('value', {}, escapeXml(value)));
			const kind = xml('field', { var: 'FORM_TYPE', type: 'hidden' }, xml('value', {}, namespaces.archive));
			const form = xml(
				'x',
				{ xmlns: 'jabber:x:data', type: 'submit' },
				kind + (jid !== '' && !isRoom ? field('with', jid) : ''),
			);
			const set = xml(
				'set',
				{ xmlns: 'http://jabber.org/protocol/rsm' },
				xml('max', {}, String(count)) + xml('before', {}),
			);
			progress('asking the archive');
			const { seq } = await line.ask({
				to: isRoom ? jid : undefined,
				type: 'set',
				content: xml('query', { xmlns: namespaces.archive, queryid: 'archive' }, form + set),
				what: 'The archive was not told',
			});
			return {
				text: `The archive's last ${count} messages, at most, are in the log, marked as history.`,
				messages: [seq],
			};
		},
		async 'create-node'({ values }, { jid }) {
			const node = text(values.node);
			if (node === '') throw fail('no-name', 'The node needs a name.');
			await line.ask({
				to: jid,
				type: 'set',
				content: pubsub(xml('create', { node })),
				what: `The node ${node} was not made`,
			});
			changed();
			return { text: `Made the node ${node} at ${jid}.` };
		},
		async 'delete-node'(_, { jid, node }) {
			await line.ask({
				to: jid,
				type: 'set',
				content: owner(xml('delete', { node })),
				what: `The node ${node} was not deleted`,
			});
			changed();
			return { text: `Deleted the node ${node}.` };
		},
		async retract(_, { jid, node, item }) {
			const content = pubsub(xml('retract', { node, notify: 'true' }, xml('item', { id: item })));
			await line.ask({ to: jid, type: 'set', content, what: `The item ${item} was not retracted` });
			changed();
			return { text: `Retracted the item ${item} of ${node}.` };
		},
		async 'add-contact'({ values }) {
			const jid = text(values.jid);
			const wrong = checkJid(jid);
			if (wrong) throw fail('bad-target', wrong);
			const item = xml('item', { jid, name: text(values.name) || undefined });
			await line.ask({
				type: 'set',
				content: xml('query', { xmlns: namespaces.roster }, item),
				what: `${jid} was not added`,
			});
			if (values.ask !== false) line.say(xml('presence', { to: jid, type: 'subscribe' }));
			return { text: `Added ${jid}${values.ask !== false ? ', and asked to see their presence' : ''}.` };
		},
		async 'remove-contact'(_, { jid }) {
			const item = xml('item', { jid, subscription: 'remove' });
			await line.ask({
				type: 'set',
				content: xml('query', { xmlns: namespaces.roster }, item),
				what: `${jid} was not removed`,
			});
			return { text: `Removed ${jid}.` };
		},
	};

	return {
		act(act: Act): Promise<ActResult> {
			const doing = Object.hasOwn(does, act.action) ? does[act.action] : undefined;
			if (!doing) throw fail('no-action', 'XMPP has no such action.');
			const [, jid, node, item] = act.node === undefined ? [''] : pathOf(act.node);
			return doing(act, { jid: jid ?? '', node: node ?? '', item: item ?? '' });
		},

		/** Only reads: what would be seen by others or lost, with the numbers as they are now. */
		async ask(intent: Intent): Promise<Question | undefined> {
			if (intent.kind === 'subscribe') {
				const { target, mode, nick } = intent.subscription;
				return mode === 'room' ? askRoom(target, text(nick)) : undefined;
			}
			const { action, node: id } = intent.request;
			const [, jid = '', node = '', item = ''] = id === undefined ? [''] : pathOf(id);
			if (action === 'delete-node') {
				const items = await discovery.items(jid, node).catch(() => undefined);
				const lost = items
					? `${items.length} items and all subscriptions are lost.`
					: 'Its items and all subscriptions are lost.';
				return { text: `Delete the node ${node}?`, detail: lost, button: 'Delete' };
			}
			if (action === 'retract')
				return {
					text: `Retract the item ${item}?`,
					detail: `It is taken out of ${node}, and subscribers are told.`,
					button: 'Retract',
				};
			if (action === 'remove-contact')
				return {
					text: `Remove ${jid} from the contacts?`,
					detail: 'Presence is not exchanged any more, either way.',
					button: 'Remove',
				};
			return undefined;
		},
	};

	async function askRoom(target: string, nick: string): Promise<Question> {
		const info = await discovery.info(target).catch(() => undefined);
		const there = info?.fields.get('muc#roominfo_occupants');
		const seen = info
			? `${there === undefined ? 'Everybody in it' : `${there} there now, who`} will see you come${nick ? ` as ${nick}` : ''}.`
			: 'There is no such room now: joining makes it, and you own it.';
		return { text: `Join the room ${target}?`, detail: `${seen} The room may tell your address.`, button: 'Join' };
	}
}
