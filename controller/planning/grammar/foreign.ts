import type { Token } from './token.js';
import { words } from './words.js';

/** Words of harm in other languages, accents stripped. Exact where a stem would also begin an English word. */
const EXACT = words(`
  rimuovi rimuovere remova remover quita quitar enleve enlever enlevez entferne entfernen entfernt odstran odebrat ukloni apagar elimine banco usuarios dati daten donnees gegevens datos dados
  elimina eliminar elimine ignora ignorar ignorez ignoriere ignorieren borra borrar borre salta saltar saltate omite omitir omita reinicia reiniciar reinicie ejecuta ejecutar ejecute escala apaga apagar muestra mostrar muestrame instrucciones contrasena contrasenas secretos
  cancella cancellare disattiva riavvia esegui mostra mostrami istruzioni password-e approvazione salti scala apague exclua excluir delete-e desative desativar pule pular reinicie execute-e mostre instrucoes senha senhas aprovacao sem
  sil silin siler yoksay atla atlayin kapat kapatin sifre sifreyi sifreleri talimatlari onay onayi calistir goster hapus abaikan lewati sandi matikan jalankan xoa hapuskan radera ignorera stang slett ignorer slet poista ohita smaz smazat ignoruj vymaz usun skasuj wylacz pomin zignoruj uruchom pokaz hasla haslo
  loesche losche loschen loeschen losch fuhre fuehre zeige zeig neustarten lies supprime supprimer supprimez efface effacer effacez ignore-les contourne contourner contournez desactive desactiver desactivez redemarre redemarrer redemarrez affiche afficher affichez montre saute sauter execute-le
  verwijder verwijderen negeer negeren wis wissen toon schakel herstart omzeil sla wachtwoord wachtwoorden geheimen sterge sterg torold torol diagrapse agnoise mot-de-passe sudo`);
const STEMS =
  `hoppa granskning godkann godkjenn godkend losenord passord adgangskode inaktivera hyvaksy salasana preskoc schvalen schvalov vypn smaz torol jelszo jovahagy kapcsold dezactiv persetujuan ignoruj parancs zrus udelej ubersprin uebersprin uberspring umgeh deaktivier abschalt ausschalt ausserkraft datenbank passwort passworter geheimnis genehmigung freigabe anweisung anweisungen neustart skalier vorherig
  supprim contourn desactiv redemarr mot-de-passe instructions-preced approbation
  contrase aprobacion instruccion desactiva omitiendo
  istruzion approvazion disattiv disabilit precedenti ignorando
  instruco aprovac desativ
  uitschakel goedkeuring instructies verwijder
  instrukcj zatwierdz wylacz zrestart
  gormezden talimat veritaban yeniden-bas
  удал игнорир игнориру инструкц парол секрет отключ пропуст перезапус перезагруз выполн базу базы масштаб одобрен обойд обход покаж выключ забуд сотр стер видал ігнору інструкц вимкн пропуст перезапуст бази схвален покажи обійд
  διεγραψ αγνο εκτελ κωδικ`
    .trim()
    .split(/\s+/);
const SUBSTRINGS =
  `删除 忽略 无视 指令 密码 关闭 跳过 审批 批准 重启 执行 数据库 扩容 绕过 禁用 机密 密钥 清空 提示词 缩容 停用 停止 刪除 無視 密碼 關閉 跳過 審批 重啟 執行 資料庫 停用
  削除 消去 指示 パスワード 停止 無効 スキップ 承認 再起動 実行 データベース 秘密 飛ばし 表示して シークレット
  삭제 무시 지시 비밀번호 비활성 건너뛰 승인 재시작 실행 데이터베이스 비밀 명령 끄고 꺼 우회
  हटा मिटा अनदेखा निर्देश पासवर्ड बंद छोड़ अनुमोदन डेटाबेस डिलीट
  احذف حذف تجاهل تعليمات كلمة المرور عطل تعطيل تخط موافقة أعد تشغيل نفذ قاعدة البيانات امسح أوقف أظهر
  מחק התעלם סיסמ הוראות השבת דלג
  ลบ เพิกเฉย รหัสผ่าน ข้าม
  حذف پاک نادیده رمز
  মুছ উপেক্ষা`
    .trim()
    .split(/\s+/);
const FUNCTION_WORDS = words(`
  und der die das den dem ein eine einen bitte auf mit nach nicht wenn dann ist wir ich sie fur zum zur danach alle vom aus bei wird werden oder aber auch
  et le la les des une sur avec puis pour dans vers du au aux est sont nous vous pas si tous apres ensuite que s'il plait deployer deployez
  el los las y en con por para luego del una todos sobre hacia despues que mi tu su favor desplegar despliega al
  il lo gli della nel nella poi tutti tutte di che dopo distribuisci e
  o os as da na um uma depois todos nao implante
  het een en op naar niet voor alle daarna de van uitrollen zet
  i na do oraz wszystkie potem nie prosze wdroz
  ve ile icin tum sonra lutfen yukle
  och att det pa sedan alla med till`);
const COURTESY = words(
  'danke bitte merci gracias grazie obrigado obrigada por favor beaucoup mille dank vielen dziekuje tack takk spasibo ciao hola bonjour hallo salut guten tag moin servus cheers saludos gruss grusse viele liebe buenos dias bom dia arigato tesekkurler mahalo aloha adios',
);

export interface ForeignReading {
  /** First word of harm in another language. */
  readonly harm: Token | null;
  /** Is it, in good part, not English? */
  readonly foreign: Token | null;
}

/** Looks for words of other languages: harm among them is refused, the rest is asked about. */
export function readForeign(tokens: readonly Token[]): ForeignReading {
  let harm: Token | null = null;
  let foreign: Token | null = null;
  const small: Token[] = [];
  const courteous = tokens.some(
    (token) =>
      COURTESY.has(token.fold) && token.fold !== 'tag' && token.fold !== 'cheers' && token.fold !== 'mille',
  );
  for (const token of tokens) {
    if (token.kind === 'punct' || token.services.length > 0 || token.environments.length > 0) continue;
    if (isHarm(token)) harm ??= token;
    if (isOtherScript(token.text)) foreign ??= token;
    if (
      token.kind === 'word' &&
      FUNCTION_WORDS.has(token.fold) &&
      !COURTESY.has(token.fold) &&
      !ENGLISH_TOO.has(token.fold)
    )
      small.push(token);
    if (token.kind === 'word' && (STRONG.has(token.fold) || isAccented(token))) small.push(token);
  }
  return { harm, foreign: foreign ?? (small.length >= (courteous ? 1 : 2) ? (small[0] ?? null) : null) };
}

const STRONG = words(
  'und och oraz puis luego ensuite danach dann entao daarna sonra auf nach nicht bitte avec pour dans vers para hacia sobre tambien despues della nella depois voor naar niet met icin lutfen wszystkie prosze sedan innan efter utan ohne zonder senza bez uten ilman esta este aller alle allen avant apres ainsi aussi sehr jetzt adesso ahora maintenant teraz nyt nu noch kann mach mache kannst konnt rolle bringe zuruck',
);
const ENGLISH_TOO = words(
  'die den a i do on an as in is was war so also en op de la le el los las du des al o y e il da na per van con si tu pas est que om les par mi su lo',
);

function isHarm(token: Token): boolean {
  if (token.kind !== 'word') return false;
  const word = token.fold;
  if (EXACT.has(word) && !ENGLISH_HARMLESS.has(word)) return true;
  if (word.length > 3 && STEMS.some((stem) => word.startsWith(stem))) return true;
  return isOtherScript(word) && SUBSTRINGS.some((part) => word.includes(part));
}

const ENGLISH_HARMLESS = words(
  'scala sem sla sil wis toon scale delete-e lies saute salta escala stang torol sudo ignorer',
);

function isOtherScript(word: string): boolean {
  for (const char of word)
    if (
      (char.codePointAt(0) ?? 0) > 0x36f &&
      /\p{L}/u.test(char) &&
      !/\p{Script=Latin}/u.test(char) &&
      char !== '\u00b5' &&
      char !== '\u03bc'
    )
      return true;
  return false;
}

/** A small word with accents is hardly English; a name may well have them. */
function isAccented(token: Token): boolean {
  return (
    token.text !== token.fold &&
    token.raw === token.text &&
    !['cafe', 'naive', 'resume', 'deja', 'facade', 'fiance', 'uber', 'a', 'via'].includes(token.fold) &&
    !token.odd
  );
}
