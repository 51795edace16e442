import type { ISubscription } from 'mqtt-packet';
import { compileFilter } from '../../protocols/mqtt/describe/topics';
import type { Session } from './session';

/** One subscription of one session. */
export interface Route {
	session: Session;
	filter: string;
	options: ISubscription;
	identifier?: number;
	/** `group/filter` of a shared subscription. */
	share?: string;
	fits(topic: string): boolean;
}

/** All subscriptions of all sessions, by session and filter, and who of them gets a topic. */
export class Routes {
	private readonly bySession = new Map<Session, Map<string, Route>>();
	/** Routes per topic as last looked up; forgotten with every change. */
	private readonly found = new Map<string, Route[]>();
	private readonly turns = new Map<string, number>();

	/** Throws a sentence if the filter is invalid. Resolves with whether the session did not have it before. */
	add(session: Session, options: ISubscription, identifier: number | undefined): { route: Route; isNew: boolean } {
		const fits = compileFilter(options.topic);
		const shared = /^\$share\/([^/]+)\/(.+)$/s.exec(options.topic);
		const own = this.bySession.get(session) ?? new Map<string, Route>();
		const isNew = !own.has(options.topic);
		const route: Route = {
			session,
			filter: options.topic,
			options,
			fits,
			...(identifier === undefined ? {} : { identifier }),
			...(shared ? { share: `${shared[1]}/${shared[2]}` } : {}),
		};
		own.set(options.topic, route);
		this.bySession.set(session, own);
		this.found.clear();
		return { route, isNew };
	}

	remove(session: Session, filter: string): boolean {
		this.found.clear();
		return this.bySession.get(session)?.delete(filter) ?? false;
	}

	removeAll(session: Session): void {
		this.found.clear();
		this.bySession.delete(session);
	}

	count(session: Session): number {
		return this.bySession.get(session)?.size ?? 0;
	}

	/** Of each shared group one, in turn, those who are connected first; of the others all. */
	match(topic: string): Route[] {
		const all = this.lookUp(topic);
		if (!all.some((route) => route.share)) return all;
		const groups = new Map<string, Route[]>();
		for (const route of all) {
			if (route.share) groups.set(route.share, [...(groups.get(route.share) ?? []), route]);
		}
		const chosen = [...groups].map(([group, members]) => {
			const online = members.filter((route) => route.session.online);
			const candidates = online.length > 0 ? online : members;
			const turn = this.turns.get(group) ?? 0;
			this.turns.set(group, turn + 1);
			return candidates[turn % candidates.length] as Route;
		});
		return [...all.filter((route) => !route.share), ...chosen];
	}

	private lookUp(topic: string): Route[] {
		const known = this.found.get(topic);
		if (known) return known;
		const routes = [...this.bySession.values()].flatMap((own) =>
			[...own.values()].filter((route) => route.fits(topic)),
		);
		if (this.found.size >= 10_000) this.found.clear();
		this.found.set(topic, routes);
		return routes;
	}
}
