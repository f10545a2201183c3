namespace MetaLlm.Simulator.Tests;

public sealed class EverydayQuestionTests
{
    private static readonly TaskCatalog Catalog = TaskCatalog.Create(1, 1);

    public static TheoryData<string> Examples { get; } = [.. TaskCatalog.EverydayExamples];

    [Theory]
    [InlineData("What is 17 * 23?", "391")]
    [InlineData("what is 17*23", "391")]
    [InlineData("What is 17 + 25?", "42")]
    [InlineData("17 plus 25", "42")]
    [InlineData("How much is 12 times 12?", "144")]
    [InlineData("Calculate (3 + 4) * 5 - 6 / 2", "32")]
    [InlineData("What's 7 x 8?", "56")]
    [InlineData("What is 1,000 divided by 8?", "125")]
    [InlineData("what is -3^2", "-9")]
    [InlineData("What is 15% of 80?", "12")]
    [InlineData("What is the square root of 144?", "12")]
    [InlineData("What is 12 squared?", "144")]
    [InlineData("Convert 5 miles to kilometers", "8.05")]
    [InlineData("How many minutes are in 3 hours?", "180")]
    [InlineData("how many grams in a kilogram", "1000")]
    [InlineData("What is 100°F in C?", "37.78")]
    [InlineData("Convert 20 degrees Celsius to Fahrenheit.", "68")]
    [InlineData("What day of the week was 20 July 1969?", "Sunday")]
    [InlineData("What day of the week was July 4, 1776?", "Thursday")]
    [InlineData("How many days are there between 2026-01-01 and 2026-03-01?", "59")]
    [InlineData("If today is Monday, what day is it in 10 days?", "Thursday")]
    [InlineData("Reverse the word 'router'", "retuor")]
    [InlineData("How many r's are in strawberry?", "3")]
    [InlineData("How many times does the letter s appear in mississippi?", "4")]
    [InlineData("How many letters are in 'banana'?", "6")]
    [InlineData("Sort 5, 3, 9, 1", "1, 3, 5, 9")]
    [InlineData("What is the largest of 12, 7 and 30?", "30")]
    [InlineData("What is the average of 4, 8 and 12?", "8")]
    [InlineData("What comes next: 2, 4, 8, 16?", "32")]
    [InlineData("Translate 'good morning' into Spanish", "buenos días")]
    [InlineData("How do you say thank you in German?", "danke")]
    [InlineData("What is the French word for cheese?", "fromage")]
    [InlineData("What is the capital of France?", "Paris")]
    [InlineData("Is this review positive or negative: 'I loved every minute of it'", "positive")]
    public void An_everyday_question_has_its_answer(string question, string answer)
    {
        Assert.True(Catalog.TryFind(question, out var task), $"'{question}' is not understood.");
        Assert.Equal(answer, task.Answer);
        Assert.NotEmpty(task.WrongAnswers);
        Assert.DoesNotContain(answer, task.WrongAnswers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Write a poem about the sea")]
    [InlineData("What is 1 / 0?")]
    [InlineData("What is 9^9^9?")]
    [InlineData("What is ((((((((((((((((((((((1+1))))))))))))))))))))))?")]
    [InlineData("What is 99999999999999 * 99999999999999 * 99999999999999?")]
    [InlineData("Convert 5 miles to kilograms")]
    [InlineData("What day of the week was 31 February 2020?")]
    [InlineData("What comes next: 1, 2, 4, 7?")]
    [InlineData("What is the capital of Atlantis?")]
    public void What_cannot_be_worked_out_is_left_alone(string question) => Assert.False(Catalog.TryFind(question, out _));

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_understood(string question) => Assert.True(Catalog.TryFind(question, out _));

    [Fact]
    public void The_question_that_people_are_told_to_ask_first_is_answered_rightly_by_every_model()
    {
        Assert.True(Catalog.TryFind("What is 17 * 23?", out var task));
        var truth = new GroundTruth(1);
        Assert.All(DefaultModels.All, model => Assert.True(truth.WouldAnswerCorrectly(model, task), model.Name));
    }

    [Fact]
    public async Task What_the_simulator_knows_is_served_and_true()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        using var listing = JsonDocument.Parse(await simulator.Client.GetStringAsync(new Uri("/sim/tasks?type=dates&limit=5", UriKind.Relative)));
        var root = listing.RootElement;

        Assert.Equal(TaskCatalog.EverydayExamples, root.GetProperty("everyday").EnumerateArray().Select(e => e.GetString()!));
        Assert.Equal(5, root.GetProperty("tasks").GetArrayLength());
        var catalog = simulator.Server.Catalog;
        Assert.All(root.GetProperty("tasks").EnumerateArray(), listed =>
        {
            Assert.True(catalog.TryFind(listed.GetProperty("prompt").GetString()!, out var task));
            Assert.Equal(("dates", task.Answer), (listed.GetProperty("type").GetString(), listed.GetProperty("answer").GetString()));
        });
    }

    [Theory]
    [InlineData("type=poems", "type")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=many", "limit")]
    public async Task A_listing_that_cannot_be_made_names_the_parameter(string query, string parameter)
    {
        await using var simulator = await RunningSimulator.StartAsync();
        using var response = await simulator.Client.GetAsync(new Uri($"/sim/tasks?{query}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(parameter, error.RootElement.GetProperty("error").GetProperty("param").GetString());
    }
}
