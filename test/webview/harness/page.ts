// Runs in the page before the panel: sets the editor's theme and API, and a host behind them.
import { type Port, portPair } from '../../../src/base/port';
import { connect } from '../../../src/base/rpc';
import {
	type FormApi,
	formChecks,
	type PanelApi,
	type PanelEvents,
	panelChecks,
} from '../../../src/model/contracts/panel-api';
import { fakeForm } from './fake-form';
import { fakePanel } from './fake-panel';
import { applyTheme } from './themes';

const query = new URLSearchParams(location.search);
const asked = (name: string, other: string) => query.get(name) ?? other;
applyTheme(asked('theme', 'dark'));

const [hostSide, pageSide]: [Port, Port] = portPair();
const states: unknown[] = [];
const violations: string[] = [];
document.addEventListener('securitypolicyviolation', (event) =>
	violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
);
pageSide.onMessage((message) =>
	window.dispatchEvent(new MessageEvent('message', { data: message, origin: location.origin })),
);

const shared = { states, violations, applyTheme };
if (asked('page', 'panel') === 'form') {
	const fake = fakeForm(asked('profile', ''), asked('protocol', 'mqtt'), query.getAll('stored'));
	connect<FormApi, object>(hostSide, fake.api, formChecks);
	Object.assign(window, { harness: { ...shared, ...fake.control } });
} else {
	const fake = fakePanel(
		{
			protocol: asked('protocol', 'mqtt'),
			rows: Number(asked('rows', '1000')),
			topics: Number(asked('topics', '2000')),
			state: asked('state', 'open'),
			subscriptions: Number(asked('subscriptions', '3')),
			hostile: query.has('hostile'),
			production: query.has('production'),
			ended: query.has('ended'),
			recorded: query.get('recorded') ?? undefined,
		},
		(status) => void rpc.remote.changed(status),
	);
	const rpc = connect<PanelApi, PanelEvents>(hostSide, fake.api, panelChecks);
	Object.assign(window, {
		harness: {
			...shared,
			...fake.control,
			renamed: (...what: Parameters<PanelEvents['renamed']>) => rpc.remote.renamed(...what),
			reveal: (...what: Parameters<PanelEvents['reveal']>) => rpc.remote.reveal(...what),
			start: (...what: Parameters<PanelEvents['start']>) => rpc.remote.start(...what),
		},
	});
}

Object.assign(window, {
	acquireVsCodeApi: () => ({
		postMessage: (message: unknown) => pageSide.post(message),
		setState: (state: unknown) => states.push(state),
		getState: () => states.at(-1),
	}),
});
