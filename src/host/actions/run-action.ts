import type { ActRequest, ActResult } from '../../model/contracts/browse';
import type { SubscriptionState } from '../../model/contracts/session';
import { type Profile, type Subscription, subscriptionId } from '../../model/profile/profile';
import type { Action } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import { confirm } from '../connections/confirm';
import { openConnection } from '../connections/connect';
import { heldSubscription } from '../failures';
import { storedProfile } from '../profiles/store';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import type { Documents } from '../ui/documents';
import { askModal, notify, withNotification } from '../ui/notify';

/** Subscribes after the user has confirmed. Throws `cancelled`, or why the subscription was refused. */
export async function subscribeAsking(
	services: Services,
	id: string,
	subscription: Subscription,
): Promise<SubscriptionState> {
	requireTrust();
	const { description, engine } = openConnection(services, id);
	const { profile } = storedProfile(services.profiles, id);
	requireNotHeld(services, id, subscription);
	await confirm(description, engine, { kind: 'subscribe', subscription }, profile);
	return engine.subscribe(subscription);
}

/** Throws if a rule acknowledges the messages of this subscription: replaced or ended, they would be acknowledged before. */
export function requireNotHeld({ sessions }: Pick<Services, 'sessions'>, id: string, subscription: Subscription): void {
	const session = sessions.get(id);
	const idOf = subscriptionId(session && describe(session.protocol)?.subscription);
	const key = idOf(subscription);
	if (session?.status.subscriptions.some((one) => one.id === key && one.holding?.holds))
		throw heldSubscription(subscription.target);
}

/** Runs an action of the protocol after the user has confirmed. Throws `cancelled`, or why nothing was done. */
export async function actAsking(
	services: Services,
	documents: Documents,
	id: string,
	request: ActRequest,
): Promise<ActResult> {
	requireTrust();
	const { description, engine } = openConnection(services, id);
	const { profile } = storedProfile(services.profiles, id);
	await confirm(description, engine, { kind: 'act', request }, profile);
	return openDocument(documents, await engine.act(request));
}

/** Opens the document of a result, if it has one, and returns the rest of the result. */
async function openDocument(documents: Documents, { document, ...result }: ActResult): Promise<ActResult> {
	if (document) await documents.show(document);
	return result;
}

let next = 0;

/** Runs an action without fields from a menu of the sidebar and shows the result as a notification, whose button `open`s the panel. */
export async function actFromMenu(
	services: Services,
	documents: Documents,
	profile: Profile,
	action: Action,
	on: { node?: string; name: string },
	open: () => void,
): Promise<void> {
	requireTrust();
	const { id } = profile;
	const { description, engine } = openConnection(services, id);
	const title = `${action.label.replace(/…$/, '')}: ${on.name}`;
	const request: ActRequest = {
		id: `menu-${next++}`,
		action: action.id,
		values: {},
		...(on.node === undefined ? {} : { node: on.node }),
	};
	await confirm(description, engine, { kind: 'act', request }, profile);
	const result = await withNotification(title, async (report, token) => {
		let reported = 0;
		const listener = services.sessions.onChanged((changed) => {
			if (changed !== id) return;
			const running = services.sessions.get(id)?.status.running.find((one) => one.id === request.id);
			if (!running) return;
			const percent = Math.round((running.done ?? 0) * 100);
			report(running.text, Math.max(0, percent - reported));
			reported = Math.max(reported, percent);
		});
		token.onCancellationRequested(() => void engine.stop(request.id).catch(() => {}));
		try {
			return await engine.act(request);
		} finally {
			listener.dispose();
		}
	});
	const show = async () => {
		if (result.show) await subscribeAsking(services, id, result.show);
		open();
	};
	await showResult(await openDocument(documents, result), show);
}

async function showResult(
	{ text, bad, properties = [], messages = [], show }: ActResult,
	open: () => unknown,
): Promise<void> {
	const [details, panel] = ['Details', show ? 'Show' : 'Open in Panel'];
	const offersPanel = show !== undefined || messages.length > 0;
	const buttons = [...(offersPanel ? [panel] : []), ...(properties.length > 0 ? [details] : [])];
	const choice = await notify(bad ? 'warning' : 'information', text, ...buttons);
	if (choice === panel) await open();
	if (choice !== details) return;
	const lines = properties.map(({ label, value }) => `${label}: ${value}`).join('\n');
	await askModal('information', text, lines);
}
