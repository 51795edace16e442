import type { ActRequest, ActResult } from '../../model/contracts/browse';
import type { SubscriptionState } from '../../model/contracts/session';
import type { Subscription } from '../../model/profile/profile';
import type { Action } from '../../protocols/description';
import { confirm } from '../connections/confirm';
import { openConnection } from '../connections/connect';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import type { Documents } from '../ui/documents';
import { askModal, notify, withNotification } from '../ui/notify';
import { askFields } from './ask-fields';

/** Subscribes after the user has confirmed. Throws `cancelled`, or why the subscription was refused. */
export async function subscribeAsking(
	services: Services,
	id: string,
	subscription: Subscription,
): Promise<SubscriptionState> {
	requireTrust();
	const { description, engine } = openConnection(services, id);
	await confirm(description, engine, { kind: 'subscribe', subscription });
	return engine.subscribe(subscription);
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
	await confirm(description, engine, { kind: 'act', request });
	return openDocument(documents, await engine.act(request));
}

/** Opens the document of a result, if it has one, and returns the rest of the result. */
async function openDocument(documents: Documents, { document, ...result }: ActResult): Promise<ActResult> {
	if (document) await documents.show(document);
	return result;
}

let next = 0;

/**
 * Runs an action from a menu of the sidebar: asks for its fields one by one and shows the result as a notification. If
 * the action has logged messages, the notification offers `show`.
 */
export async function actFromMenu(
	services: Services,
	documents: Documents,
	id: string,
	action: Action,
	on: { node?: string; name: string },
	show: () => void,
): Promise<void> {
	requireTrust();
	const { description, engine } = openConnection(services, id);
	const title = `${action.label.replace(/…$/, '')}: ${on.name}`;
	const values = await askFields(action.fields ?? [], title, action.sideEffect);
	if (!values) return;
	const request: ActRequest = {
		id: `menu-${next++}`,
		action: action.id,
		values,
		...(on.node === undefined ? {} : { node: on.node }),
	};
	await confirm(description, engine, { kind: 'act', request });
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
	void showResult(await openDocument(documents, result), show);
}

async function showResult({ text, bad, properties = [], messages = [] }: ActResult, open: () => void): Promise<void> {
	const [details, panel] = ['Details', 'Open in Panel'];
	const buttons = [...(messages.length > 0 ? [panel] : []), ...(properties.length > 0 ? [details] : [])];
	const choice = await notify(bad ? 'warning' : 'information', text, ...buttons);
	if (choice === panel) open();
	if (choice !== details) return;
	const lines = properties.map(({ label, value }) => `${label}: ${value}`).join('\n');
	await askModal('information', text, lines);
}
