using MetaLlm.Simulator.Models;
using MetaLlm.Simulator.Scoring;
using MetaLlm.Simulator.Tasks;
using Xunit.Abstractions;

namespace MetaLlm.Simulator.Tests;

public class CalibrationTests(ITestOutputHelper output)
{
    [Fact]
    public void Report()
    {
        var catalog = TaskCatalog.Create(1);
        var scores = ReferenceScores.Compute(new GroundTruth(1), DefaultModels.All, catalog.Tasks);
        foreach (var score in scores.Singles.Append(scores.BestPerType).Append(scores.Oracle))
            output.WriteLine($"{score.Name,-26} accuracy {score.Accuracy:0.000}   mean cost {score.MeanCostUsd * 1_000_000:0.0} USD per million queries  best mix at that cost {scores.MixAccuracyAt(score.MeanCostUsd):0.000}");
        foreach (var (type, score) in scores.BestByType)
            output.WriteLine($"{type,-14} {score.Name,-14} {score.Accuracy:0.000}");
    foreach (var t in catalog.Tasks.Where((_, i) => i % 44 < 5)) output.WriteLine($"[{t.Difficulty:0.00}] {t.Prompt} => {t.Answer} | {string.Join(" / ", t.WrongAnswers)}");
    }
}
