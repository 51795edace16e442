/** Wrong arguments, explained in one sentence: exit code 2. */
export class UsageError extends Error {}

export const usage = `Usage:
  messaging-workbench run <file, folder or glob…> [options]   run message files
  messaging-workbench listen <connection> [target…]           write what arrives to standard output
  messaging-workbench publish <connection> [target]           send what standard input says
  messaging-workbench record <connection> [target…] -o <file> record what arrives
  messaging-workbench replay <recording> --to <connection>    send what was recorded
  messaging-workbench compare <connection:target>…            measure connections side by side

A connection is the name of one saved in .vscode/settings.json, or a URL such as mqtt://localhost.

run:
  --name <name>       only this request, and what it refers to; may be repeated
  --env <name>        environment of http-client.env.json
  --connection <name or url>   for requests that name none
  --timeout <time>    longest wait where a request sets none (default 10s)
  --json              one JSON object per request, and a summary
  --junit <file>      a JUnit report besides
  --root <folder>     bodies are read from this folder and below only (default: the project folder of the file,
                      which is the nearest with .vscode or .git, else its own)
listen:
  --format json|lines|raw   one JSON object per line (default), payloads as lines, payloads alone
  --count <n>         ends after n messages
  --timeout <time>    ends after this time
  -H "Mode: <way>"    how to receive, where the protocol has several ways: -H "Mode: consume" for a queue (takes its
                      messages away), -H "Mode: room" for a chat room. Without a target: what arrives by itself.
                      Other headers of a consumer are its arguments: -H "x-priority: 5", -H "x-stream-offset: first"
                      for a stream (first, last, next, a number, a time, or an interval such as 1h)
publish:
  --format json|lines|raw   one JSON object per line with "payload" or "base64" (default), each line a payload,
                      all of the input one payload
  --message <text>    sends this instead of reading the input
listen, publish, record and replay:
  -H, --header <"Name: value">   as in a message file: "QoS: 1", "Retain: true"; may be repeated. A header for bytes,
                      such as the key of a record, takes text, "< path" for a file, and with "Key-format: hex" below it
                      hexadecimal digits (or base64)
  --protocol <id>     where the scheme of the URL belongs to several protocols, such as amqp:// and ws://. A sentence says
                      which one was taken, and the id of the other, if that was wrong
record (and --count, --timeout, -H as for listen):
  -o, --output <file> the recording, such as farm.recording.jsonl; an existing file is not replaced. With a name that ends
                      in .gz it is compressed when it ends
  --keep <size>       into a folder instead, without an end: the oldest messages are deleted, so that the folder never
                      has more than this size, such as "500 MB" or "2 GB". "replay" takes the folder as one recording
  --to <connection:target>   in place of a file: a target whose messages are kept, such as a Kafka topic or a subject of a
                      JetStream stream; each line is a message there
replay:
  the recording is a file, or <connection:target> where record --to has written it (of a JetStream stream, the stream)
  --to <connection>   of the same or of another protocol
  --recorded <time>   the start of the recording, such as 2026-11-29T13, where a target holds several (default: the newest)
  --speed <n>|max     0.1 to 100 times the recorded pace (default 1), or as fast as messages are acknowledged
  --map <from=to>     targets that begin with one text begin with the other instead: farm/=test/. With a wildcard filter, they
                      become the other text: "farm/#=orders". May be repeated, the first that fits counts
  --only <filter>     only messages to these targets: a wildcard filter of the protocol, or the start of a target
  --from <time>, --until <time>   only this part, from the start of the recording: --from 10s --until 5min
  --direction in|out|both   what was received (default), sent, or both
  --times <n>         replays it so many times
compare:
  --size <bytes>      of the payload; may be repeated (default 16, 1k and 64k)
  --rate <n>          messages per second (default 200)
  --runs <n>, --seconds <n>   runs of each size and guarantee, and their length (default 5 of 5 s)
  --guarantee at-most-once|at-least-once|both
  --no-capacity       does not search the rate that each connection sustains
  --idle <time>       observes idle connections for this time; otherwise their traffic is computed from the keep-alive
  --max-delay <time>  a run in which this process was delayed longer is refused and repeated (default 20ms)
  --format markdown|html|json, -o <file>   the report; without -o, to standard output
  --yes               also for hosts other than this machine, connections marked as production, and queues, whose
                      messages are taken away
all:
  --settings <file>   instead of the nearest .vscode/settings.json
  --help, --version

Secrets come from the environment: MESSAGING_WORKBENCH_SECRET_<CONNECTION>_<FIELD>, as in
MESSAGING_WORKBENCH_SECRET_LOCAL_MQTT_PASSWORD; {{$secret name}} is MESSAGING_WORKBENCH_SECRET_<NAME>.

Exit code: 0 all well, 1 something was not as expected, 2 the file or the arguments are wrong, 3 a connection failed.
listen goes on while one subscription is left, and ends with 1 if any was refused or ended by the server.
`;
