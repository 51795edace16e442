import type { PlaygroundServer } from '../../model/contracts/playground';
import { andList } from '../../model/text/lists';
import { type Choice, createPick, itemOf } from '../ui/prompt';
import { type PlaygroundState, secondsOf } from './state';

/** Milliseconds between two updates of the seconds that a server has been starting. */
const interval = 1000;

const icons = { open: 'pass-filled', starting: 'loading~spin', missing: 'circle-slash', failed: 'error' };

function choiceOf(server: PlaygroundServer): Choice & { server: PlaygroundServer } {
	const { label, port, state, text, connections } = server;
	const states = {
		open: `port ${port}`,
		starting: `starts on port ${port} … ${secondsOf(server)} s`,
		missing: 'not installed',
		failed: 'not running',
	};
	const detail = text ?? connections.map(({ profile }) => profile.url).join(' · ');
	return { server, label, icon: icons[state], description: states[state], detail };
}

/** Shows the servers and their states, which it keeps current. Resolves with the chosen one, unless that does not run. */
export function pickServer(state: PlaygroundState): Promise<PlaygroundServer | undefined> {
	const pick = createPick<ReturnType<typeof choiceOf>>('Playground Servers', 'Choose a server to connect to it');
	pick.matchOnDetail = true;
	let drawn = '';
	const show = () => {
		const choices = state.servers.map(choiceOf);
		const next = JSON.stringify(choices);
		if (next === drawn) return;
		drawn = next;
		const active = pick.activeItems[0]?.choice.server.id;
		pick.items = choices.map(itemOf);
		pick.activeItems = pick.items.filter(({ choice }) => choice.server.id === active);
	};
	show();
	const timer = setInterval(show, interval);
	const listener = state.onChanged(show);
	return new Promise((resolve) => {
		pick.onDidAccept(() => {
			const server = pick.selectedItems[0]?.choice.server;
			if (!server || server.state === 'missing' || server.state === 'failed') return;
			resolve(server);
			pick.hide();
		});
		pick.onDidHide(() => {
			clearInterval(timer);
			listener.dispose();
			resolve(undefined);
			pick.dispose();
		});
		pick.show();
	});
}

/** "MQTT on port 1883, CoAP on port 5683. RabbitMQ and NATS are starting. Prosody is not installed." */
export function serversText(servers: readonly PlaygroundServer[]): string {
	const labels = (state: PlaygroundServer['state']) =>
		servers.filter((server) => server.state === state).map(({ label }) => label);
	const ports = servers.filter(({ state }) => state === 'open').map(({ label, port }) => `${label} on port ${port}`);
	const sentence = (names: string[], one: string, many: string) =>
		names.length === 0 ? [] : [`${andList(names)} ${names.length === 1 ? one : many}.`];
	return [
		`${ports.join(', ')}.`,
		...sentence(labels('starting'), 'is starting', 'are starting'),
		...sentence(labels('missing'), 'is not installed', 'are not installed'),
		...sentence(labels('failed'), 'does not run', 'do not run'),
	].join(' ');
}

/** "RabbitMQ is starting (8 s), NATS is starting (1 s)", or undefined. */
export function startingText(servers: readonly PlaygroundServer[]): string | undefined {
	const starting = servers.filter(({ state }) => state === 'starting');
	if (starting.length === 0) return undefined;
	return `Playground: ${starting.map((server) => `${server.label} is starting (${secondsOf(server)} s)`).join(', ')}`;
}
