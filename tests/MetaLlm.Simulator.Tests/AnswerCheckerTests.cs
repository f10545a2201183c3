namespace MetaLlm.Simulator.Tests;

public class AnswerCheckerTests
{
    [Theory]
    [InlineData("1234", "The answer is 1,234.")]
    [InlineData("1234", "That makes 1234 dollars.")]
    [InlineData("1234", "First 1200, then 34 more, so **1,234 dollars** in all")]
    [InlineData("1234", "The answer is 1200 + 34 = 1234.")]
    [InlineData("1234", "Answer: $1,234.00")]
    [InlineData("1234", "We get \\boxed{1234}, as 2 * 617 shows.")]
    [InlineData("1234", "The answer is 1234, since 1200 + 34 adds up to it.")]
    [InlineData("1234", "The answer is not 1233 but 1234.")]
    [InlineData("1234", "The answer is 1200. Wait, I forgot the rest. The answer is 1234.")]
    [InlineData("-7", "The result is \u22127.")]
    [InlineData("-7", "The answer is -7 degrees")]
    [InlineData("3", "The answer is 5-2 = 3")]
    [InlineData("42.5", "The answer is 42.50 km.")]
    [InlineData("7", "The answer is seven.")]
    [InlineData("50", "#### 50")]
    [InlineData("50", "Answer:\n\n50")]
    public void Numbers_are_read_out_of_talk(string answer, string reply) => Assert.True(AnswerChecker.IsCorrect(Task(AnswerKind.Number, answer), reply));

    [Theory]
    [InlineData("1234", "The answer is 1233.")]
    [InlineData("1234", "1234 looks tempting, but the answer is 1243.")]
    [InlineData("1234", "The answer is 12345.")]
    [InlineData("7", "The answer is -7.")]
    [InlineData("42", "I cannot say.")]
    [InlineData("42", "")]
    [InlineData("42", null)]
    public void Wrong_or_missing_numbers_are_refused(string answer, string? reply) => Assert.False(AnswerChecker.IsCorrect(Task(AnswerKind.Number, answer), reply));

    [Theory]
    [InlineData("The answer is 2024-03-05.")]
    [InlineData("Counting on from 2024-02-29 we reach 2024-03-05")]
    [InlineData("That is March 5th, 2024.")]
    [InlineData("It ends on the 5th of March 2024")]
    [InlineData("Answer: 5 March 2024 (from 1 March 2024)")]
    [InlineData("Answer: 2024/3/5")]
    public void Dates_are_read_in_many_notations(string reply) => Assert.True(AnswerChecker.IsCorrect(Task(AnswerKind.Date, "2024-03-05"), reply));

    [Theory]
    [InlineData("The answer is 2024-03-06.")]
    [InlineData("The answer is 2024-05-03.")]
    [InlineData("The answer is 2024-13-45.")]
    [InlineData("Some day in March.")]
    public void Wrong_or_impossible_dates_are_refused(string reply) => Assert.False(AnswerChecker.IsCorrect(Task(AnswerKind.Date, "2024-03-05"), reply));

    [Theory]
    [InlineData("No.", true)]
    [InlineData("No, although one might say yes.", true)]
    [InlineData("One might say yes, but the answer is no.", true)]
    [InlineData("**NO**", true)]
    [InlineData("Yes.", false)]
    [InlineData("It cannot be known, nobody told me.", false)]
    public void Yes_and_no_are_told_apart(string reply, bool right) => Assert.Equal(right, AnswerChecker.IsCorrect(Task(AnswerKind.Choice, "no", "yes", "no"), reply));

    [Theory]
    [InlineData("This is not positive, it is negative.", true)]
    [InlineData("Sentiment: Negative", true)]
    [InlineData("Positive words occur, yet overall I call it \"negative\".", false)]
    [InlineData("The words are positive; the answer is negative, not neutral.", true)]
    [InlineData("neutral", false)]
    public void Labels_are_whole_words_and_not_negated(string reply, bool right) =>
        Assert.Equal(right, AnswerChecker.IsCorrect(Task(AnswerKind.Choice, "negative", "positive", "negative", "neutral"), reply));

    [Theory]
    [InlineData("The answer is étoile.", true)]
    [InlineData("\"Etoile\" is the word.", true)]
    [InlineData("It is \u00ABétoile\u00BB", true)]
    [InlineData("The answer is étoile (star).", true)]
    [InlineData("étoile", true)]
    [InlineData("The answer is toile.", false)]
    public void Words_are_compared_without_accents_and_quotes(string reply, bool right) => Assert.Equal(right, AnswerChecker.IsCorrect(Task(AnswerKind.Text, "étoile"), reply));

    [Theory]
    [InlineData("The answer is [3, 5, 8].", true)]
    [InlineData("Sorted: 3, 5 and 8", true)]
    [InlineData("It prints:\n```\n[3, 5, 8]\n```", true)]
    [InlineData("Answer: 3 < 5 < 8", true)]
    [InlineData("The answer is 3, 8, 5.", false)]
    [InlineData("The answer is 3, 5.", false)]
    public void Lists_must_have_every_item_in_order(string reply, bool right) => Assert.Equal(right, AnswerChecker.IsCorrect(Task(AnswerKind.List, "3, 5, 8"), reply));

    private static SimTask Task(AnswerKind kind, string answer, params string[] choices) => new()
    {
        Id = "t", Type = SimTaskType.Arithmetic, Prompt = "?", Answer = answer, Kind = kind, Choices = choices, WrongAnswers = ["x"], Difficulty = 0.5,
    };
}
