namespace MetaLlm.Simulator.Tests;

public class TaskCatalogTests
{
    private static readonly TaskCatalog Catalog = TaskCatalog.Create(1);

    [Fact]
    public void The_catalogue_is_large_distinct_and_covers_every_type_and_level()
    {
        Assert.True(Catalog.Tasks.Count >= 4_000);
        Assert.Equal(Catalog.Tasks.Count, Catalog.Tasks.Select(task => task.Prompt).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(Catalog.Tasks.Count, Catalog.Tasks.Select(task => task.Id).Distinct().Count());
        foreach (var type in Enum.GetValues<SimTaskType>())
        {
            var tasks = Catalog.Tasks.Where(task => task.Type == type).ToArray();
            Assert.Equal(TaskCatalog.DefaultPerType, tasks.Length);
            Assert.All(Enumerable.Range(0, 5), band => Assert.True(tasks.Count(task => (int)(task.Difficulty * 5) == band) >= 60));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_catalogue_and_another_seed_another()
    {
        Assert.Equal(Describe(Catalog), Describe(TaskCatalog.Create(1)));
        Assert.NotEqual(Describe(Catalog), Describe(TaskCatalog.Create(2)));

        static IEnumerable<string> Describe(TaskCatalog catalog) => catalog.Tasks.Select(task => $"{task.Prompt}|{task.Answer}|{string.Join('/', task.WrongAnswers)}");
    }

    [Fact]
    public void Every_type_fills_the_largest_catalogue() =>
        Assert.Equal(10 * TaskCatalog.MaximumPerType, TaskCatalog.Create(5, TaskCatalog.MaximumPerType).Tasks.Count);

    [Fact]
    public void Every_right_answer_is_accepted_and_every_wrong_one_refused_in_any_wording()
    {
        string[] wordings = ["The answer is {0}.", "Answer: {0}", "Therefore, the answer is **{0}**.", "{0}", "The final answer is `{0}`", "So it must be:\n\n\\boxed{{0}}"];
        foreach (var task in Catalog.Tasks)
        {
            foreach (var wording in wordings)
            {
                Assert.True(AnswerChecker.IsCorrect(task, wording.Replace("{0}", task.Answer, StringComparison.Ordinal)), $"{wording} {task}");
                Assert.All(task.WrongAnswers, wrong => Assert.False(AnswerChecker.IsCorrect(task, wording.Replace("{0}", wrong, StringComparison.Ordinal)), $"{wording} {wrong} {task}"));
            }
        }
    }

    [Fact]
    public void Every_model_reply_reads_as_the_verdict_that_was_drawn()
    {
        var truth = new GroundTruth(1);
        foreach (var model in DefaultModels.All)
        {
            Assert.All(Catalog.Tasks, task => Assert.Equal(truth.WouldAnswerCorrectly(model, task), AnswerChecker.IsCorrect(task, truth.ReplyTo(model, task))));
        }
    }

    [Theory]
    [InlineData("What is the meaning of life?", false)]
    [InlineData("", false)]
    public void A_text_outside_the_catalogue_is_not_found(string prompt, bool found) => Assert.Equal(found, Catalog.TryFind(prompt, out _));

    [Fact]
    public void A_query_is_found_whatever_its_case_and_spacing()
    {
        var task = Catalog.Tasks[17];
        Assert.True(Catalog.TryFind("  " + task.Prompt.ToUpperInvariant().Replace(" ", " \n ", StringComparison.Ordinal), out var found));
        Assert.Same(task, found);
    }

    [Fact]
    public void A_draw_repeats_holds_no_query_twice_and_mixes_the_types()
    {
        var draw = Catalog.Draw(2_000, 9);
        Assert.Equal(draw, Catalog.Draw(2_000, 9));
        Assert.Equal(2_000, draw.Distinct().Count());
        Assert.Equal(10, draw.Take(100).Select(task => task.Type).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => Catalog.Draw(Catalog.Tasks.Count + 1, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(TaskCatalog.MaximumPerType + 1)]
    public void A_size_out_of_range_is_refused(int perType) => Assert.Throws<ArgumentOutOfRangeException>(() => TaskCatalog.Create(1, perType));
}
