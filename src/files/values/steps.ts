import type { Header, Request, Section, Step } from '../syntax/ast';
import { mayBeOption } from '../syntax/ast';
import { plain } from './headers';

/** A step of a rule as a section of its own, with the metadata of the rule. */
export interface RuleStep {
	step: Step;
	/** Its request is that of the step; a step that names no connection has the one of the rule. */
	section: Section & { request: Request };
	reply: boolean;
}

const isConnection = (header: Header) =>
	mayBeOption(header) && ['connection', 'host'].includes(plain(header.name.text)) && header.value.text !== '';

/** The steps of a rule; none for other requests. */
export function ruleSteps(section: Section): RuleStep[] {
	const { request: rule } = section;
	if (!rule) return [];
	const inherited = rule.headers.filter(isConnection);
	return rule.steps.flatMap((step): RuleStep[] => {
		const { request, separator } = step;
		if (!request) return [];
		const headers = request.headers.some(isConnection) ? request.headers : [...inherited, ...request.headers];
		return [{ step, section: { ...section, request: { ...request, headers } }, reply: separator?.kind === 'reply' }];
	});
}
