/**
 * Words of this product's messages, of server replies, and placeholders for passwords in examples. Masking one of them
 * everywhere would reveal which word the password is.
 */
export const ordinaryWords: ReadonlySet<string> = new Set(
	`
about above accept acceptable accepted accepts account acknowledged acknowledgement acknowledges action active
add added address admin administrator after again agreed alert alias aliases alive all allow allowed allows
alone already also although always among amq amqp amqps and anew announce announced anonymous another answer
answered answers any anyone anything app application approval april archive are argument arguments arrived
arrives ask asked asking asks assertions attempt august auth authenticate authenticated authentication
authoritative authority authorization authorize authorized automatically available await away back bad bandwidth
banned basic bearer because been before began behind belong belongs below besides between beyond binary bind
binding bindings black blank block blocked blocks blue bob bodies body boolean both bound braces brackets breaks
bridge broke broker buffer busy but byte bytes came can cancelled cannot carries carry catch certificate
certificates change changed changes channel character characters check checked choices choose chooses chose
chosen class clean clear cleared click client clients close closed closing cluster coap code colon column come
comes comma command commas comment compared condition confirmable confirmed confirms conflict connect connected
connecting connection connections console consume consumed consumer consumers contact contacts contains content
context continue control cookie cookies copied copies copy core correct correlation cose costs could count
counts create created credential credentials current cut data datetime days dead december declare declared
decode decoded deep deeply default defined delete deleted deletes delivered delivers delivery demo denied
dependency description detail detected device devices did died differs digest digits direct disabled
disconnected disk document does domain done dots double down dropped drops duplicate durable during each earlier
early edit editor eight either ejabberd element elements else elsewhere email empty emqx enable encoded encoding
encrypted encryption end ended ends enough enter entity entry environment environments error errors event events
ever every everything evidence exactly example exceed exceeded exchange exchanged exchanges exclusive exist
exists exit expect expectation expected expire expired expiry export extended extension external fail failed
failure false fatal february field fields file files filter final find firehose first fit fits five flag flags
flame folder follow followed follows for forbidden forbids forgets form format formats found four frame friday
from front function further gateway gave get give given gives goes gone good got granted green group growing
guest had half handed handle handshake has have head header headers heard heartbeat held hello here hex hidden
hints history hold holds home host hosts how html http humidity identifier identifiers identity ignored
implemented import imported impostor inactive includes incomplete incorrect information inner input inspect
instead instruction insufficient interface internal internet into invalid item items its itself jabber january
join joining json july june kafka keep keeps kept key keys kind know known knows label laid large larger largest
last later leads least leave leaves left legal length less let lets letters level levels library lies life light
like limit limited limits line lines link list listed listen listening lists literal load local localhost
location locked log logged login logon lone long longer longest look looked looking lost low machine made mail
main maintenance makes malformed management manager mandatory many map march marked marks master match matched
max maximum may mean meaning meant meanwhile mechanism media memory message messages messaging meta method
middle milliseconds min missing mistake mode modified moment monday monitor more mosquitto most move moved mqtt
multicast multiple must nack name named names namespace needed needs negotiates neither nested network never new
nick nine node nodes nonce none nor not nothing notification november now number object observable observation
observe observed observers october off offer offered offers office offline offset often oldest once one ones
online only open opened opening opens operator opt option options order orders org origin other others our ours
out outside over overflows own packet padding page pair pairs panel part partial parts pass passed passphrase
passwd password passwords paste path pattern pauses payload payloads payment peek peeked peer per perhaps
permanent permanently permission permissions permits permitted persistent ping pings place places plain
playground please plugin policy pong port precondition prefix presence priority private probably process
processing production profile properties property prosody protocol protocols proxy public publish published
publishes purged put pwd python qos query question queue queues quiet quorum quota quote quotes rabbit rabbitmq
raise random range rate raw reached read ready reason reasons receipt receive received receives receiving
recorded records red redelivered redirect reference refused refuses registered rejected rejects rel remark
remote remove removed renamed repeated replace reply reported request requests required reserved reset resolve
resource resources response rest restart result retain retained retract retracted retry return returned revoked
room rooms root round routing row rule run running runs said same sasl satisfiable saturday save saved say says
scheme scram script search second seconds secret secrets section see seen sees segment select selected send
sending sends sensor sent separated september serve server servers service services session sessions set
settings seven several share shared short shorter should show shown shows shut shutdown sign signed signing
signs silent since single six size slash sleep slice small socket some something space spaces speak speaks split
stand standard stands stanza stanzas start started starts state status stay stays step steps stomp stop stopped
storage stored straight stream string subprotocols subscribe subscribed subscribers subscribes subscription
subscriptions such sunday super superuser support supported surrogate switch switched switching system take
taken takes taking tap tapped taps target tell tells temperature temporary ten test tester tests text than that
the their them then there these they thing this those threading three through throw thursday time timeout times
timestamp timezone title tls together token told too took topic topics towards trace tracing tree trim trip true
trust trusted try tuesday turn twice two type unauthorized unavailable unbind unbound under understood
unexpected unit unknown unless unprocessable unreliable unsigned unsupported until upgrade url use used user
username users uses usually valid value values variable variables variant verb version vhost view virtual wait
waiting waits want wanted wants warning was way web websocket websockets wednesday welcome well were what when
where whether which while white who whole whose why wildcard will window windows wish with within without word
words workbench working works workspace world would write written wrong wss xml xmpp yellow yet you your
`
		.trim()
		.split(/\s+/),
);
