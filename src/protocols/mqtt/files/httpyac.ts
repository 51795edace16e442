import type { Form } from '../../message-files';

const topics = [
	{ name: 'Topic', help: 'Published and subscribed to.', publish: true, subscribe: true },
	{ name: 'Publish', help: 'Published to.', publish: true, subscribe: false },
	{ name: 'Subscribe', help: 'Subscribed to.', publish: false, subscribe: true },
];

/** httpYac's MQTT request (https://httpyac.github.io/guide/request.html#mqtt): a URL, and topics as headers. */
export const form: Form = {
	headers: topics.map(({ name, help }) => ({ name, help })),
	missing: (names) =>
		topics.some(({ name }) => names.includes(name.toLowerCase()))
			? undefined
			: 'No header names a topic. Add publish, subscribe or topic.',
	rewrite(headers) {
		const publish: string[] = [];
		const subscribe: string[] = [];
		const others = headers.filter(({ name, value, option }) => {
			const topic = option === false ? undefined : topics.find((one) => plain(one.name) === plain(name));
			if (topic?.publish) publish.push(value);
			if (topic?.subscribe) subscribe.push(value);
			return !topic;
		});
		return { verb: 'MQTT', publish, subscribe, headers: others };
	},
};

/** Headers of message files ignore case, hyphens and underscores. */
const plain = (name: string) => name.toLowerCase().replace(/[-_]/g, '');
