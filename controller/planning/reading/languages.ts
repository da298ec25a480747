import type { Action } from '../../domain/intent.js';
import { words } from '../grammar/words.js';

/*
 * The few words of other languages of which a whole order may be made. Not a dictionary: a text with any word that is not here stays
 * a question, whatever a model says. So nothing here may forbid, take back, ask, tell, put off, or set a condition: no negations
 * ("no" is one in Spanish), no "from" or "after", no auxiliary verbs, no participles (they report), no pronouns.
 * Accents are stripped; other scripts are as written.
 */

/** Imperatives and infinitives that cannot be read as a report. */
export const ORDERS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ...each('deploy deploye deployen deploya deployer deployez deploie deploiez', 'deploy'),
  ...each('ausrollen ausliefern uitrollen', 'deploy'),
  ...each('despliega desplegar implante implantar distribuisci distribuire', 'deploy'),
  ...each('wdroz wdrozyc nasad nasadit', 'deploy'),
  ...each('разверни разверните развернуть задеплой задеплоить выкати выкатить розгорни розгорнути', 'deploy'),
  ...each('部署 发布 發布 デプロイ デプロイして デプロイしてください', 'deploy'),
  ...each('zuruckrollen terugdraaien', 'rollback'),
  ...each('откати откатить 回滚 回滾', 'rollback'),
]);

function each(list: string, action: Action): readonly (readonly [string, Action])[] {
  return [...words(list)].map((word) => [word, action]);
}

/** "rolle … aus": the second half of a German verb is the last word of the sentence, and decides. */
const SECOND_HALVES: ReadonlyMap<string, Action> = new Map([
  ['aus', 'deploy'],
  ['zuruck', 'rollback'],
]);
export const HALVES: ReadonlyMap<string, ReadonlyMap<string, Action>> = new Map([['rolle', SECOND_HALVES]]);

/** Please, thanks, now, and the nouns of what is deployed to where: they change nothing. */
export const COURTESIES = words(`
  bitte danke merci gracias grazie obrigado obrigada dziekuje tack takk tak prosim prosze spasibo alsjeblieft alstublieft hallo hola bonjour ciao hej
  пожалуйста спасибо привет будь ласка 请 請 谢谢 謝謝
  jetzt gleich ahora maintenant adesso agora teraz nyni сейчас зараз
  version dienst service umgebung version environnement entorno ambiente versione versao wersje wersja usluge verze sluzbu srodowisko prostredi versie omgeving dienst miljo tjanst
  версию версия сервис сервіс версію среду окружение`);

/** Courtesies of several words; apart, some of them are conditions or negations. */
export const PHRASES: readonly (readonly string[])[] = [
  ['por', 'favor'],
  ['per', 'favore'],
  ["s'il", 'te', 'plait'],
  ["s'il", 'vous', 'plait'],
  ['vielen', 'dank'],
  ['muchas', 'gracias'],
  ['merci', 'beaucoup'],
  ['будь', 'ласка'],
];

export const ARTICLES = words('der die das den dem le la l les el los las il lo gli o os as het een');

/** Towards a place. "nach" is "after", too: only where there is one environment. */
export const TOWARDS = words(
  'auf in ins im sur en dans vers a em para naar op na do till pa til su в на у 到 в',
);
export const TOWARDS_ONE = words('nach');

/** "Of": right before a version or a service; before an environment it is "from". */
export const OF = words('de du di del della von d');

export const AND = words('und et y e ed i och og и та й 和');
/** Only between two environments. */
export const THEN = words(
  'dann danach puis ensuite luego poi potom potem sedan daarna затем потом потім 然后',
);
/** Only before the first environment. */
export const FIRST = words("zuerst erst d'abord primero najpierw nejprve сначала спочатку 先");
