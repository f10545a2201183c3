using MetaLlm.Gateway.Idempotency;

namespace MetaLlm.Gateway.Tests.Idempotency;

public sealed class QuestionTextTests
{
    [Theory]
    [InlineData("How heavy is 1.5 kg", "How heavy is 15 kg")]
    [InlineData("Half of 10,5", "Half of 105")]
    [InlineData("Ping 10.0.0.1 now", "Ping 100.0.1 now")]
    [InlineData("What is new in v1.10?", "What is new in v11.0?")]
    [InlineData("Is -40 cold?", "Is 40 cold?")]
    [InlineData("What is 5 - 3?", "What is 5 + 3?")]
    [InlineData("What is 5-3?", "What is 5+3?")]
    [InlineData("What is 5!", "What is 5?")]
    [InlineData("What is .5?", "What is 5?")]
    [InlineData("Who likes C++", "Who likes C#")]
    [InlineData("Was ist schön?", "Was ist schon?")]
    [InlineData("北京在哪里", "上海在哪里")]
    [InlineData("Is 1 before 2?", "Is 2 before 1?")]
    public void Numbers_signs_and_letters_that_a_model_may_not_know_tell_questions_apart(string one, string other) =>
        Assert.NotEqual(QuestionText.ExactWords(one), QuestionText.ExactWords(other));

    [Theory]
    [InlineData("What was it in 2024?", "Tell me (please): what's the one of 2024")]
    [InlineData("Who is \"Ann\"?", "Say who Ann is!")]
    [InlineData("Is it 1.5, or 2?", "Say whether it is 1.5 or 2.")]
    public void Plain_words_and_the_marks_between_them_do_not(string one, string other) =>
        Assert.Equal(QuestionText.ExactWords(one), QuestionText.ExactWords(other));

    [Fact]
    public void A_word_too_long_for_a_tokenizer_tells_questions_apart() =>
        Assert.NotEqual(QuestionText.ExactWords(new string('a', 31)), QuestionText.ExactWords(new string('b', 31)));

    [Theory]
    [InlineData("", 0, true)]
    [InlineData("four", 4, true)]
    [InlineData("fiver", 4, false)]
    [InlineData("\ufdfa", 18, true)]
    [InlineData("\ufdfa", 17, false)]
    [InlineData("any text", int.MaxValue, true)]
    public void A_text_is_read_whole_where_even_its_longest_form_has_room(string text, int characters, bool isWhole) =>
        Assert.Equal(isWhole, QuestionText.IsReadWhole(text, characters));
}
