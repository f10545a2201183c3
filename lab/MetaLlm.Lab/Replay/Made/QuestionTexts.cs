using System.Globalization;

namespace MetaLlm.Lab.Replay.Made;

/// <summary>Questions in eight languages. They ask the same things in each; names and numbers vary.</summary>
internal static class QuestionTexts
{
    // English, German, French, Spanish, Russian, Chinese, Japanese, Arabic. {0} is a name, {1} a number.
    private static readonly string[][] Everyday =
    [
        [
            "Please write a short reply to {0} and say that the meeting has to be moved by {1} days.",
            "What should I look out for when I rent a flat near {0} for {1} months?",
            "Can you explain to a child of {1} years why the sky above {0} is blue?",
            "How much is {1} percent of the price that {0} paid, and how do I work it out?",
            "Give me {1} ideas for a quiet weekend with friends in {0}.",
        ],
        [
            "Bitte schreibe eine kurze Antwort an {0} und sage, dass die Besprechung um {1} Tage verschoben werden muss.",
            "Worauf sollte ich achten, wenn ich in der Nähe von {0} für {1} Monate eine Wohnung miete?",
            "Kannst du einem Kind von {1} Jahren erklären, warum der Himmel über {0} blau ist?",
            "Wie viel sind {1} Prozent von dem Preis, den {0} bezahlt hat, und wie rechne ich das aus?",
            "Nenne mir {1} Ideen für ein ruhiges Wochenende mit Freunden in {0}.",
        ],
        [
            "Écris une courte réponse à {0} et dis que la réunion doit être repoussée de {1} jours.",
            "À quoi dois-je faire attention quand je loue un appartement près de {0} pour {1} mois ?",
            "Peux-tu expliquer à un enfant de {1} ans pourquoi le ciel au-dessus de {0} est bleu ?",
            "Combien font {1} pour cent du prix que {0} a payé, et comment faut-il le calculer ?",
            "Donne-moi {1} idées pour une fin de semaine tranquille avec des amis à {0}.",
        ],
        [
            "Escribe una respuesta breve a {0} y di que la reunión tiene que aplazarse {1} días.",
            "¿En qué debo fijarme cuando alquilo un piso cerca de {0} durante {1} meses?",
            "¿Puedes explicarle a un niño de {1} años por qué el cielo sobre {0} es azul?",
            "¿Cuánto es el {1} por ciento del precio que pagó {0}, y cómo se calcula?",
            "Dame {1} ideas para un fin de semana tranquilo con amigos en {0}.",
        ],
        [
            "Напиши короткий ответ для {0} и скажи, что встречу нужно перенести на {1} дней.",
            "На что обратить внимание, если я снимаю квартиру рядом с {0} на {1} месяцев?",
            "Можешь объяснить ребёнку {1} лет, почему небо над {0} голубое?",
            "Сколько будет {1} процентов от цены, которую заплатил {0}, и как это посчитать?",
            "Предложи {1} идей для спокойных выходных с друзьями в {0}.",
        ],
        [
            "请给{0}写一封简短的回信,说明会议需要推迟{1}天。",
            "我在{0}附近租房{1}个月,应该注意什么?",
            "你能给一个{1}岁的孩子解释为什么{0}上方的天空是蓝色的吗?",
            "{0}付的价钱的百分之{1}是多少,应该怎么算?",
            "请给我{1}个和朋友在{0}安静过周末的主意。",
        ],
        [
            "{0}さんに短い返事を書いて、会議を{1}日延期する必要があると伝えてください。",
            "{0}の近くで{1}か月間部屋を借りるとき、何に気をつければいいですか。",
            "{1}歳の子どもに、{0}の空がなぜ青いのか説明してくれますか。",
            "{0}さんが払った値段の{1}パーセントはいくらで、どう計算しますか。",
            "{0}で友だちと静かな週末を過ごす案を{1}つください。",
        ],
        [
            "اكتب ردا قصيرا إلى {0} وقل إن الاجتماع يجب أن يؤجل {1} أيام.",
            "ما الذي يجب أن أنتبه إليه عندما أستأجر شقة قرب {0} لمدة {1} أشهر؟",
            "هل يمكنك أن تشرح لطفل عمره {1} سنوات لماذا السماء فوق {0} زرقاء؟",
            "كم يساوي {1} بالمئة من السعر الذي دفعه {0} وكيف أحسبه؟",
            "أعطني {1} أفكار لعطلة هادئة مع الأصدقاء في {0}.",
        ],
    ];

    // The same languages; {0} is what happened, {1} a number.
    private static readonly string[][] News =
    [
        ["What is new about {0} this week, and why do {1} papers write of it?", "Who won {0}, and by how many of the {1} votes?"],
        ["Was gibt es diese Woche Neues von {0}, und warum schreiben {1} Zeitungen davon?", "Wer hat {0} gewonnen, und mit wie vielen der {1} Stimmen?"],
        ["Quoi de neuf cette semaine sur {0}, et pourquoi {1} journaux en parlent-ils ?", "Qui a gagné {0}, et avec combien des {1} voix ?"],
        ["¿Qué hay de nuevo esta semana sobre {0}, y por qué lo cuentan {1} periódicos?", "¿Quién ganó {0}, y con cuántos de los {1} votos?"],
        ["Что нового на этой неделе о {0} и почему об этом пишут {1} газет?", "Кто выиграл {0} и сколько из {1} голосов получил?"],
        ["{0}这周有什么新消息,为什么有{1}家报纸在报道?", "谁赢得了{0},在{1}张选票中得了多少?"],
        ["今週の{0}について新しいことは何ですか。なぜ{1}紙が書いていますか。", "{0}で誰が勝ちましたか。{1}票のうち何票でしたか。"],
        ["ما الجديد هذا الأسبوع عن {0} ولماذا تكتب عنه {1} صحف؟", "من فاز في {0} وبكم من {1} صوتا؟"],
    ];

    // By season, from the second: names that stand in no older text.
    private static readonly string[][] Events =
    [
        ["the Talvan election", "Talvan 2026", "the Talvan vote"],
        ["the Meridian Cup final", "Meridian Cup 2026", "the Meridian league"],
    ];

    private static readonly string[] Names = ["Anna", "Rio", "Kim", "Oslo", "Maria", "Lima", "Omar", "Kyoto", "Ivan", "Paris", "Chen", "Cairo"];

    /// <summary>Writes one.</summary>
    /// <param name="language">Index of the language.</param>
    /// <param name="season">Season whose news it is about; 0 for an everyday question.</param>
    /// <param name="draw">Numbers in [0, 1).</param>
    public static string Write(int language, int season, Func<double> draw)
    {
        var templates = season == 0 ? Everyday[language] : News[language];
        var subjects = season == 0 ? Names : Events[season - 1];
        var template = templates[(int)(draw() * templates.Length)];
        return string.Format(CultureInfo.InvariantCulture, template, subjects[(int)(draw() * subjects.Length)], 2 + (int)(draw() * 97));
    }
}
