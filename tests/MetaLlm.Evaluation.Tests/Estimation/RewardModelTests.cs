using MetaLlm.Evaluation.Estimation;

namespace MetaLlm.Evaluation.Tests.Estimation;

public sealed class RewardModelTests
{
    [Fact]
    public void A_ridge_that_learns_row_by_row_is_the_ridge_over_all_rows()
    {
        var ridge = new OnlineRidge(2, 2);
        ridge.Learn([1, 0], 3);
        ridge.Learn([1, 1], 5);

        // (X'X + 2 I) theta = X'y: [[4, 1], [1, 3]] theta = [8, 5].
        Assert.Equal(19.0 / 11, ridge.Predict([1, 0]), 12);
        Assert.Equal(12.0 / 11, ridge.Predict([0, 1]), 12);
    }

    [Fact]
    public void A_corrected_value_counts_as_if_it_had_been_the_first()
    {
        var corrected = new OnlineRidge(2, 1);
        corrected.Learn([1, 2], 0);
        corrected.Learn([1, -1], 4);
        corrected.Correct([1, 2], 7);
        var right = new OnlineRidge(2, 1);
        right.Learn([1, 2], 7);
        right.Learn([1, -1], 4);

        Assert.Equal(right.Predict([3, 1]), corrected.Predict([3, 1]), 12);
    }

    [Fact]
    public void The_model_tells_arms_apart_and_starts_anew_with_another_layout()
    {
        var model = new RewardModel();
        for (var i = 0; i < 500; i++)
        {
            model.Learn("x", "good", [1, i % 2], 0.9, null);
            model.Learn("x", "bad", [1, i % 2], 0.2, null);
        }

        Assert.Equal(0.9, model.Predict("x", "good", [1, 0]), 1);
        Assert.Equal(0.2, model.Predict("x", "bad", [1, 0]), 1);
        Assert.Equal(0.5, model.Predict("y", "good", [1, 0, 0]));
        model.Learn("y", "good", [1, 0, 0], 1, null);
        Assert.Equal(0.5, model.Predict("x", "good", [1, 0]));
    }
}
