using System.Globalization;

namespace MetaLlm.ModelTool.Reductions;

/// <summary>
/// Requests of the kinds that assistants receive, put together from fixed templates and topics. They stand for real
/// queries when the default reduction is fitted: no recorded data is needed, and anyone gets the same sentences.
/// </summary>
internal static class TemplateSentences
{
    /// <summary>Every template with every topic of ours, in a fixed order; every third one with an instruction behind it.</summary>
    public static IReadOnlyList<string> WithTopics() => Fill(Topics, Topics.Length);

    /// <summary>Every template with <paramref name="count"/> pairs of words, picked evenly from a vocabulary.</summary>
    public static IReadOnlyList<string> WithWords(IReadOnlyList<string> words, int count) => Fill(words, count);

    private static List<string> Fill(IReadOnlyList<string> subjects, int count)
    {
        var sentences = new List<string>();
        var step = Math.Max(1, subjects.Count / count);
        for (var template = 0; template < Templates.Length; template++)
        {
            for (var i = 0; i < count; i++)
            {
                var pick = template + i;
                var first = subjects[(i * step + template * 13) % subjects.Count];
                var second = subjects[(i * step * 7 + template * 3 + 1) % subjects.Count];
                var number = (i * 37 + template * 11) % 96 + 3;
                var sentence = string.Format(CultureInfo.InvariantCulture, Templates[template], first, second, number, number * 3 + 7);
                sentences.Add(pick % 3 == 0 ? $"{sentence} {Instructions[pick / 3 % Instructions.Length]}" : sentence);
            }
        }

        return sentences;
    }

    private static readonly string[] Topics =
    [
        "photosynthesis", "the French Revolution", "a binary search tree", "compound interest", "the offside rule", "a broken bicycle chain",
        "gradient descent", "the stock market", "a sourdough starter", "kidney stones", "contract law", "the moons of Jupiter",
        "a REST API", "jazz improvisation", "supply and demand", "the immune system", "a job interview", "black holes",
        "the Roman Senate", "a linear equation", "vaccination", "deep sea fish", "a rental agreement", "electric cars",
        "the periodic table", "a SQL query", "moral relativism", "plate tectonics", "a birthday party", "DNA replication",
        "inflation", "a regular expression", "the human heart", "solar panels", "Shakespeare's sonnets", "a password reset",
        "probability theory", "the Amazon rainforest", "a train timetable", "antibiotics", "free will", "a customer complaint",
        "thermodynamics", "the Supreme Court", "a knitting pattern", "machine translation", "tax deductions", "a chess opening",
        "climate change", "the water cycle", "an insurance claim", "quantum entanglement", "a school budget", "the printing press",
        "memory leaks", "Renaissance painting", "a vegetarian dinner", "migraine", "the speed of light", "a cover letter",
    ];

    private static readonly string[] Templates =
    [
        "What is {0}?",
        "How does {0} work?",
        "Explain {0} to a child who is eight years old.",
        "Write a short essay about {0} and {1}.",
        "Which of the following statements about {0} is true?\n(A) It depends on {1}.\n(B) It has nothing to do with {1}.\n(C) It came before {1}.\n(D) None of these.",
        "Write a Python function that reads a file about {0} and returns the {2} longest lines.",
        "def count_{2}(items):\n    # returns how many items mention {0}\n    return sum(1 for item in items if item)\n\nFind the bug in this code.",
        "A shop sells {2} books about {0} and {3} about {1}. How many books does it sell, and what share is about {0}?",
        "Solve for x: {2}x + {3} = {3}x - {2}. Then say what this has to do with {0}.",
        "Summarize the following text: People have argued about {0} for a long time. Some say that it led to {1}, others that it was the other way round. In {3} cases out of a thousand nobody could tell.",
        "Translate into French: I would like to know more about {0}.",
        "I feel sad because of {0}. What should I do?",
        "Compare {0} with {1}: list three similarities and three differences.",
        "Write a poem about {0} in the style of an old ballad.",
        "Is the following review positive or negative? The book on {0} was dull, but the chapter on {1} made up for it.",
        "Who discovered the most important facts about {0}, and in which century?",
        "Premise: every expert on {0} knows {1}. Anna is an expert on {0}. Question: does Anna know {1}? Answer yes or no.",
        "Draft a polite email that asks a colleague for the report on {0} by Friday.",
        "Finish the sentence: When he had read everything about {0}, he decided to",
        "You are an expert on {0}. A customer asks about {1}. Answer in at most {2} words.",
        "A patient aged {2} asks about {0}. What is the most likely next step?",
        "The court held that the rule on {0} no longer applies and overruled its earlier decision. Does this overrule the precedent?",
        "If {2} people need {3} hours for {0}, how long do twice as many people need?",
        "Give me a recipe, a game and a song that have to do with {0}.",
        "Extract all names, dates and places: On the {2}th of May, Maria Lopez gave a talk on {0} in Vienna, and Tom Chen one on {1}.",
        "Let f be a function with f({2}) = {3}. Show that f cannot be constant if it describes {0}.",
        "hi! can u help me w {0} pls",
        "What are the risks of {0}, and how can they be made smaller?",
        "SELECT name FROM courses WHERE topic = '{0}' ORDER BY price DESC LIMIT {2}; What does this query return?",
        "True or false: {0} was known before {1}.",
        "Choose the word that fits: The lecture on {0} was so ____ that everybody stayed. (A) boring (B) gripping (C) short (D) loud",
        "Plan a trip of {2} days for somebody who is interested in {0} and {1}.",
        "The experiment on {0} gave a mean of {2} and a standard deviation of 4. Compute the confidence interval.",
        "Tell me a joke about {0}.",
        "Write a test for a class that stores {0} and throws when {1} is missing.",
        "Sally put the notes on {0} into the box because it was empty. What was empty?",
        "Which happened first, {0} or {1}? Think step by step.",
        "Continue the story: The door opened, and there stood the woman who knew all about {0}.",
        "What would have happened without {0}?",
        "Classify this question into one of these subjects: biology, law, history, physics, economics. Question: why is {0} important?",
    ];

    private static readonly string[] Instructions =
    [
        "Answer with one letter.",
        "Give your reasons.",
        "Return JSON with the fields answer and confidence.",
        "Use at most fifty words.",
        "Think step by step and give the final number at the end.",
    ];
}
