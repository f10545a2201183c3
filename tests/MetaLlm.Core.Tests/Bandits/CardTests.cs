using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.Flagship;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Bandits;

/// <summary>What is expected of arms, and what rewards make of it.</summary>
public sealed class CardTests
{
    private const int Dimension = 7;
    private const int TaskStart = 4;
    private const int Arms = 4;
    private const double Ridge = 100;
    private const double BiasRidge = 4;
    private static readonly CardPrior?[] Cards = [Card(0.9, 0.1, 0, 0), Card(0.4, 0, -0.2, 0), Card(0.6, 0, 0, 0), null];

    [Fact]
    public void The_first_prediction_goes_most_of_the_way_to_the_card_and_that_of_an_arm_without_one_is_the_mean_of_the_others()
    {
        var model = Model();
        model.SetCards(Cards);
        Assert.Equal(0.7, model.Belief, 0.01);
        foreach (var (said, query) in new[] { ([1, 0.4, 0.6], Query(0)), ([0.9, 0.2, 0.6], Query(1)), (new[] { 0.9, 0.4, 0.6 }, (double[])[1, 0, 0, 0, 0, 0, 0]) })
        {
            var mean = said.Average();
            Near([.. said.Append(mean).Select(one => mean + (model.Belief * (one - mean)))], Predict(model, query));
        }
    }

    [Fact]
    public void Where_cards_are_not_held_against_chance_the_first_prediction_is_what_the_card_says()
    {
        var model = new QualityModel(Dimension, Dimension, 30, Ridge, BiasRidge) { TaskStart = TaskStart };
        model.SetArms([-1, -1, -1, -1]);
        model.SetCards(Cards);
        Near([1, 0.4, 0.6, (1.0 + 0.4 + 0.6) / 3], Predict(model, Query(0)));
        Assert.Equal(1, model.Belief);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    [InlineData(58)]
    public void A_card_that_comes_later_counts_as_if_it_had_been_there_from_the_start(int later)
    {
        var (always, changed) = (Model(), Model());
        always.SetCards(Cards);
        changed.SetCards([null, Card(0.1, 0.1, 0, 0.3), null, Card(1, 0, 0, 0)]);
        for (var i = 0; i < 58; i++)
        {
            if (i == later)
            {
                changed.SetCards(Cards);
            }

            Learn(always, i);
            Learn(changed, i);
        }

        changed.SetCards(Cards);
        Near(Predict(always, Query(2, 999)), Predict(changed, Query(2, 999)));
        Near(Variance(always, Query(2, 999)), Variance(changed, Query(2, 999)));
        Assert.Equal(always.Belief, changed.Belief, 1e-9);
    }

    [Fact]
    public void Cards_that_are_taken_away_leave_nothing_behind()
    {
        var (never, once) = (Model(), Model());
        once.SetCards(Cards);
        for (var i = 0; i < 40; i++)
        {
            Learn(never, i);
            Learn(once, i);
        }

        once.SetCards([null, null, null, null]);
        Near(Predict(never, Query(2, 999)), Predict(once, Query(2, 999)));
        Near(Variance(never, Query(2, 999)), Variance(once, Query(2, 999)));
    }

    [Fact]
    public void How_far_cards_are_borne_out_is_what_an_independent_library_finds()
    {
        var model = Model();
        model.SetCards(Cards);
        for (var i = 0; i < 50; i++)
        {
            Learn(model, i);
        }

        var said = Cards.Where(card => card is not null).Select(card => Vector<double>.Build.Dense([card!.Level - 0.5, 0, 0, 0, .. card.Turns])).ToArray();
        var level = said.Aggregate((a, b) => a + b) / said.Length;
        var turns = said.Select(card => card - level).Append(Vector<double>.Build.Dense(Dimension)).ToArray();
        var ridge = 1e-3 + turns.Take(3).Average(turn => 30 * turn[0] * turn[0]);
        var pooledPrecision = Vector<double>.Build.DenseOfEnumerable(Enumerable.Range(0, Dimension).Select(i => i == 0 ? 0.5 : 30));
        var (z, r) = (Enumerable.Range(0, 50).Select(i => Vector<double>.Build.Dense(Query(i % 3, (ulong)i))).ToArray(), Enumerable.Range(0, 50).Select(Reward).ToArray());
        var pooled = Matrix<double>.Build.DenseOfDiagonalVector(pooledPrecision) + z.Select(one => one.OuterProduct(one)).Aggregate((a, b) => a + b);
        var (belief, w) = (1.0, Vector<double>.Build.Dense(Dimension));
        for (var round = 0; round < 500; round++)
        {
            w = pooled.Solve(pooledPrecision.PointwiseMultiply(level) + z.Select((one, i) => one * (r[i] - 0.5 - (belief * turns[i % Arms].DotProduct(one)))).Aggregate((a, b) => a + b));
            var (gain, moment) = (ridge, ridge);
            for (var a = 0; a < Arms; a++)
            {
                int[] own = [.. Enumerable.Range(0, 50).Where(i => i % Arms == a)];
                var rows = Matrix<double>.Build.DenseOfRowVectors(own.Select(i => z[i]));
                var prior = Vector<double>.Build.DenseOfEnumerable(Enumerable.Range(0, Dimension).Select(i => i > 0 ? Ridge : BiasRidge));
                var covariance = Matrix<double>.Build.DenseIdentity(own.Length) + (rows * Matrix<double>.Build.DenseOfDiagonalVector(1 / prior) * rows.Transpose());
                var along = rows * turns[a];
                gain += along.DotProduct(covariance.Solve(along));
                moment += along.DotProduct(covariance.Solve(Vector<double>.Build.DenseOfEnumerable(own.Select(i => r[i] - 0.5)) - (rows * w)));
            }

            belief = moment / gain;
        }

        // All ways to deal the cards that there are to the arms that have one.
        var alone = pooled.Solve(pooledPrecision.PointwiseMultiply(level) + z.Select((one, i) => one * (r[i] - 0.5)).Aggregate((a, b) => a + b));
        var scores = Enumerable.Range(0, 3).Select(a =>
        {
            int[] own = [.. Enumerable.Range(0, 50).Where(i => i % Arms == a)];
            var rows = Matrix<double>.Build.DenseOfRowVectors(own.Select(i => z[i]));
            var prior = Vector<double>.Build.DenseOfEnumerable(Enumerable.Range(0, Dimension).Select(i => i > 0 ? Ridge : BiasRidge));
            var covariance = Matrix<double>.Build.DenseIdentity(own.Length) + (rows * Matrix<double>.Build.DenseOfDiagonalVector(1 / prior) * rows.Transpose());
            return rows.Transpose() * covariance.Solve(Vector<double>.Build.DenseOfEnumerable(own.Select(i => r[i] - 0.5)) - (rows * alone));
        }).ToArray();
        double Dealt(params int[] cards) => cards.Select((card, a) => scores[a].DotProduct(turns[card])).Sum();
        double[] dealt = [Dealt(0, 1, 2), Dealt(0, 2, 1), Dealt(1, 0, 2), Dealt(1, 2, 0), Dealt(2, 0, 1), Dealt(2, 1, 0)];
        var deviations = (dealt[0] - dealt.Average()) / Math.Sqrt(dealt.Average(one => Math.Pow(one - dealt.Average(), 2)) + (0.35 * 0.35 * ridge));

        Assert.Equal(belief / (1 + Math.Exp(-1.7 * (0.5 + deviations))), model.Belief, 1e-6);
        Assert.InRange(model.Belief, 0.01, 0.99);
    }

    [Theory]
    [InlineData(1, 0.8, 1.5)]
    [InlineData(0, 0, 0.35)]
    [InlineData(-1, 0, 0)]
    public void Cards_are_believed_as_far_as_rewards_bear_them_out(double truth, double least, double most)
    {
        const int arms = 12;
        var model = new QualityModel(Dimension, Dimension, 30, Ridge, BiasRidge) { TaskStart = TaskStart, MatchesCards = true };
        model.SetArms([.. Enumerable.Repeat(-1, arms)]);
        model.SetCards([.. Enumerable.Range(0, arms).Select(a => new CardPrior(5, 0.3 + (0.05 * a), [0, 0, 0]))]);
        for (var i = 0; i < 600; i++)
        {
            var arm = i % arms;
            model.Learn(arm, Query(i % 3, (ulong)i), 0.6 + (truth * ((0.05 * arm) - 0.275)) + (0.5 * (CounterRandom.Uniform(7, (ulong)i) - 0.5)), double.NaN, explored: false);
        }

        Assert.InRange(model.Belief, least, most);
    }

    [Fact]
    public void Cards_that_are_dealt_to_the_wrong_arms_are_believed_a_third_as_far_as_the_same_cards_with_their_own()
    {
        const int arms = 8;
        var (right, wrong) = (0.0, 0.0);
        for (var seed = 0UL; seed < 20; seed++)
        {
            var skill = Enumerable.Range(0, arms).Select(a => 0.3 + (0.05 * a)).ToArray();
            var dealt = skill.OrderBy(one => CounterRandom.Uniform(seed + 900, (ulong)(100 * one))).ToArray();
            double Belief(double[] cards)
            {
                var model = new QualityModel(Dimension, Dimension, 30, Ridge, 50) { TaskStart = TaskStart, MatchesCards = true };
                model.SetArms([.. Enumerable.Repeat(-1, arms)]);
                model.SetCards([.. cards.Select(one => new CardPrior(20, one, [0, 0, 0]))]);
                for (var i = 0; i < 400; i++)
                {
                    var arm = i % arms;
                    var key = (1000 * seed) + (ulong)i;
                    model.Learn(arm, Query(i % 3, key), CounterRandom.Uniform(7, key) < skill[arm] ? 1 : 0, double.NaN, explored: false);
                }

                return model.Belief / 20;
            }

            right += Belief(skill);
            wrong += Belief(dealt);
        }

        Assert.True(right > 0.7 && wrong < 0.35 * right, $"{right:0.00} and {wrong:0.00}");
    }

    [Fact]
    public void Ridges_move_as_if_those_that_were_found_had_held_from_the_start()
    {
        QualityModel Of(double ridge, EmpiricalRidges? ridges)
        {
            var model = new QualityModel(Dimension, Dimension, 30, ridge, BiasRidge, ridges) { TaskStart = TaskStart, MatchesCards = true };
            model.SetArms([-1, -1, -1, -1]);
            model.SetCards(Cards);
            return model;
        }

        var (moving, halved, doubled) = (Of(Ridge, new EmpiricalRidges([[1, 2, 3, 4, 5, 6]], Ridge)), Of(Ridge / 2, null), Of(Ridge * 2, null));
        for (var i = 0; i < 70; i++)
        {
            Learn(moving, i);
            Learn(halved, i);
            Learn(doubled, i);
        }

        var found = Predict(moving, Query(2, 999));
        var expected = new[] { halved, doubled }.MinBy(model => Math.Abs(Predict(model, Query(2, 999))[0] - found[0]))!;
        Near(Predict(expected, Query(2, 999)), found);
        Near(Variance(expected, Query(2, 999)), Variance(moving, Query(2, 999)));
    }

    [Fact]
    public void What_a_quiz_has_told_of_an_arm_does_not_follow_its_card()
    {
        var model = Model();
        model.SetCards(Cards);
        for (var i = 0; i < 40; i++)
        {
            Learn(model, i);
        }

        model.Quiz(1, [.. Enumerable.Range(0, 30).Select(i => Query(i % 3, (ulong)(500 + i)))], [.. Enumerable.Range(0, 30).Select(_ => new[] { double.NaN, 1, double.NaN, double.NaN })]);
        var before = Predict(model, Query(1));
        model.SetCards([Cards[0], Card(0, 0, -0.2, 0), Card(1, 0, 0, 0), Cards[3]]);
        var after = Predict(model, Query(1));
        Assert.InRange(Math.Abs(after[1] - before[1]), 0, 0.02);
        Assert.InRange(before[1], 0.75, 1);
    }

    [Fact]
    public void A_state_that_is_read_goes_on_as_the_one_that_was_written()
    {
        var model = Model();
        model.SetCards(Cards);
        for (var i = 0; i < 40; i++)
        {
            Learn(model, i);
        }

        var read = Model();
        var bytes = Bytes(model);
        var reader = new StateReader(bytes);
        read.Read(ref reader);
        Assert.True(reader.AtEnd);
        Assert.Equal(bytes, Bytes(read));
        read.SetCards(Cards);
        for (var i = 40; i < 60; i++)
        {
            Learn(model, i);
            Learn(read, i);
        }

        Assert.Equal(Bytes(model), Bytes(read));
    }

    private static void Near(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], 1e-9);
        }
    }

    private static CardPrior Card(double level, params double[] turns) => new(30, level, turns);

    private static QualityModel Model()
    {
        var model = new QualityModel(Dimension, Dimension, 30, Ridge, BiasRidge) { TaskStart = TaskStart, MatchesCards = true };
        model.SetArms([-1, -1, -1, -1]);
        return model;
    }

    private static void Learn(QualityModel model, int i) => model.Learn(i % Arms, Query(i % 3, (ulong)i), Reward(i), double.NaN, explored: false);

    private static double Reward(int i) => Math.Clamp(0.4 + (0.1 * (i % Arms)) + (0.4 * (CounterRandom.Uniform(3, (ulong)i) - 0.5)), 0, 1);

    private static double[] Query(int task, ulong? key = null)
    {
        var z = new double[Dimension];
        z[0] = 1;
        z[TaskStart + task] = 1;
        for (var i = 1; i < TaskStart && key is not null; i++)
        {
            z[i] = (2 * CounterRandom.Uniform(key.Value, (ulong)i)) - 1;
        }

        return z;
    }

    private static double[] Predict(QualityModel model, double[] z)
    {
        var quality = new double[Arms];
        model.Predict(z, quality, new double[Arms]);
        return quality;
    }

    private static double[] Variance(QualityModel model, double[] z)
    {
        var variance = new double[Arms];
        model.Predict(z, new double[Arms], variance);
        return variance;
    }

    private static byte[] Bytes(QualityModel model)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        model.Write(new StateWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }
}
