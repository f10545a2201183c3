using MetaLlm.Lab.Demo;
using MetaLlm.Simulator.Tasks;

namespace MetaLlm.Lab.Tests.Demo;

public sealed class FeedbackDelayTests
{
    private static readonly SimTask Task = TaskCatalog.Create(seed: 1, perType: 1).Tasks[0];

    [Fact]
    public void Feedback_is_late_partly_lost_and_partly_repeated()
    {
        const int answers = 2000;
        var released = Play(seed: 1, answers);

        var distinct = released.Select(r => r.Answer.Number).Distinct().Count();
        Assert.InRange(distinct / (double)answers, 1 - FeedbackDelay.MissingShare - 0.02, 1 - FeedbackDelay.MissingShare + 0.02);
        Assert.InRange((released.Count - distinct) / (double)distinct, FeedbackDelay.DuplicateShare - 0.02, FeedbackDelay.DuplicateShare + 0.02);
        Assert.All(released, r => Assert.True(r.At > r.Answer.Number));
        Assert.Contains(released, r => r.At > r.Answer.Number + 50);
    }

    [Fact]
    public void The_same_seed_treats_the_same_answers_alike()
    {
        Assert.Equal(Play(seed: 7, 300), Play(seed: 7, 300));
        Assert.NotEqual(Play(seed: 7, 300), Play(seed: 8, 300));
    }

    private static List<(DemoAnswer Answer, int At)> Play(ulong seed, int answers)
    {
        var desk = new FeedbackDelay(seed);
        var released = new List<(DemoAnswer, int)>();
        for (var number = 1; number <= answers; number++)
        {
            var answer = new DemoAnswer(number, Task, $"d{number}", "m", Correct: true, CostUsd: 0);
            released.AddRange(desk.Exchange(answer).Select(a => (a, number)));
        }

        released.AddRange(desk.Drain().Select(a => (a, int.MaxValue)));
        return released;
    }
}
