import { fail } from '../../base/failure';
import type { ActRequest, ActResult } from '../../model/contracts/browse';
import type { SubscriptionState } from '../../model/contracts/session';
import type { Subscription } from '../../model/profile/profile';
import type { Action } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import { confirm } from '../connections/confirm';
import { requireTrust } from '../connections/connection-request';
import type { Services } from '../services';
import type { Documents } from '../ui/documents';
import { askModal, notify } from '../ui/notify';
import { withNotification } from '../ui/progress';
import { askFields } from './ask-fields';

function open({ profiles, sessions }: Services, id: string) {
	const profile = profiles.find(id)?.profile;
	const description = profile && describe(profile.protocol);
	const session = sessions.get(id);
	if (!description || session?.status.state.kind !== 'open')
		throw fail('not-open', 'The connection is not open.', { remedy: { text: 'Connect first.' } });
	return { profile, description, engine: session.engine() };
}

/** Subscribes after asking what is to be asked. Throws `cancelled`, or why it was refused. */
export async function subscribeAsking(
	services: Services,
	id: string,
	subscription: Subscription,
): Promise<SubscriptionState> {
	requireTrust();
	const { description, engine } = open(services, id);
	await confirm(description, engine, { kind: 'subscribe', subscription });
	return engine.subscribe(subscription);
}

/** Does one of the protocol's actions after asking what is to be asked. Throws `cancelled`, or why nothing was done. */
export async function actAsking(
	services: Services,
	documents: Documents,
	id: string,
	request: ActRequest,
): Promise<ActResult> {
	requireTrust();
	const { description, engine } = open(services, id);
	await confirm(description, engine, { kind: 'act', request });
	return finish(documents, await engine.act(request));
}

/** A document is opened; the rest is for whoever asked. */
async function finish(documents: Documents, { document, ...result }: ActResult): Promise<ActResult> {
	if (document) await documents.show(document);
	return result;
}

let next = 0;

/**
 * An action from a menu of the sidebar: its fields are asked one by one, its result is a notification. `show` is offered
 * where it has written messages into the log.
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
	const { description, engine } = open(services, id);
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
		let shown = 0;
		const told = services.sessions.onChanged((changed) => {
			if (changed !== id) return;
			const running = services.sessions.get(id)?.status.running.find((one) => one.id === request.id);
			if (!running) return;
			const done = Math.round((running.done ?? 0) * 100);
			report(running.text, Math.max(0, done - shown));
			shown = Math.max(shown, done);
		});
		token.onCancellationRequested(() => void engine.stop(request.id).catch(() => {}));
		try {
			return await engine.act(request);
		} finally {
			told.dispose();
		}
	});
	void showResult(await finish(documents, result), show);
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
